"""Scrapy settings: polite by default. Each line that differs from Scrapy's own default says why."""

import os

from scrapy.settings import default_settings

from scraper import __version__

BOT_NAME = "khuyen-hoc-archive"
SPIDER_MODULES = ["spiders"]
COMMANDS_MODULE = "scraper.commands"

# Where the archive is; warcs/ stands beside it.
ARCHIVE_DB = "archive.db"

# Score from which an article is archived; `scrapy replay` over a portal's own warcs/ decides again by a new one, asking nobody.
RELEVANCE_THRESHOLD = 3.0

# Portals must be able to reach the person who asks them: a live crawl refuses to start without an address or e-mail here.
CONTACT = os.environ.get("KHUYEN_HOC_CONTACT", "")
# Where `scrapy health --tell mailto:…` hands its messages in: a mail server on this machine, or host:port.
MAIL_SERVER = os.environ.get("KHUYEN_HOC_MAIL_SERVER", "localhost:25")
USER_AGENT = f"{BOT_NAME}/{__version__} (+{CONTACT or 'no contact set'})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    # Portals choose the language by this header; the Vietnamese page is the one we cite.
    "Accept-Language": "vi",
    # What scraper.extract.decode can undo and verify to its last byte.
    "Accept-Encoding": "gzip, deflate",
}

# Crawling past one machine (docs/workers.md): where jobs are queued, where workers hand in what they crawled (a folder, or any
# address that fsspec knows), and where a worker keeps it until then.
WORKER_QUEUE = os.environ.get("KHUYEN_HOC_QUEUE", "redis://127.0.0.1:6379/0")
WORKER_STORE = os.environ.get("KHUYEN_HOC_STORE", "handed-in")
WORKER_SPOOL = "spool"
# Seconds: a host stays closed to others for as long after its worker died; at least twice DOWNLOAD_TIMEOUT.
WORKER_LEASE = 90.0
# Seconds after which what was crawled is handed in, though the crawl goes on.
WORKER_PART = 300.0
# Seconds without a sign of life after which a worker's messages go to others.
WORKER_HEARTBEAT = 60.0

# One request at a time per host and two seconds between them: district portals stand on small servers.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# One crawl is one host: none waits in the downloader, so that a portal that asks for a pause gets it at once.
CONCURRENT_REQUESTS = 1
DOWNLOAD_DELAY = 2.0
# As long as is promised, and as Crawl-delay asks: Scrapy's own 0.5 makes every sixth wait shorter, some by half (2.19, 2026-11).
DOWNLOAD_DELAY_JITTER = 0.0
# Slower still when the portal answers slowly.
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0

# Scrapy's robots middleware takes 5xx and silence for permission and ignores Crawl-delay; ours (below) follows RFC 9309.
ROBOTSTXT_OBEY = False
# Captures hold the bytes as received; scraper.extract.decode undoes gzip and notices a body that was cut.
COMPRESSION_ENABLED = False
DOWNLOADER_MIDDLEWARES = {
    "scraper.fetch.guard.GuardMiddleware": 50,
    "scraper.fetch.robots.RobotsMiddleware": 100,
    "scraper.fetch.redirects.RedirectsMiddleware": 600,  # where Scrapy's own stands
    "scraper.fetch.pace.PaceMiddleware": 980,
    "scraper.fetch.capture.CaptureMiddleware": 990,
}
DOWNLOADER_STATS = False  # the session counts
# Scrapy's own parts that are not taken. They stand in the way of every request and answer and do nothing for us; and one that is
# switched off with None is loaded all the same, aiohttp and requests with it: 170 ms of every start (Scrapy 2.19, 2026-11).
_NOT_TAKEN = {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",  # no portal's news needs a password
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",  # the guard is stricter: it knows ports
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",  # ours is one
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",  # off, see below
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware",
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",  # error pages are answers, see below
    "scrapy.spidermiddlewares.referer.RefererMiddleware",  # a portal need not know how we came to a page, nor have a say in it
    "scrapy.spidermiddlewares.depth.DepthMiddleware",  # a walk has its own budget of pages
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
    "scrapy.extensions.logstats.LogStats",
    "scrapy.extensions.corestats.CoreStats",
    "scrapy.extensions.telnet.TelnetConsole",  # off, see below
    "scrapy.extensions.remote_control.RemoteControl",  # off, see below
}


def _taken(parts: dict[str, int]) -> dict[str, int]:
    return {name: place for name, place in parts.items() if name not in _NOT_TAKEN}


DOWNLOADER_MIDDLEWARES_BASE = _taken(default_settings.DOWNLOADER_MIDDLEWARES_BASE)
SPIDER_MIDDLEWARES_BASE = _taken(default_settings.SPIDER_MIDDLEWARES_BASE)
EXTENSIONS_BASE = _taken(default_settings.EXTENSIONS_BASE)
# Names that lead to this machine or its network are refused at the moment of connecting; `-a base_url=` allows its own host.
TWISTED_DNS_RESOLVER = "scraper.fetch.guard.PublicResolver"
ALLOWED_LOCAL_HOSTS: list[str] = []
# Certificates are verified; a portal whose certificate is broken declares it (PortalSpider.tls), and every capture says so.
DOWNLOAD_VERIFY_CERTIFICATES = True
# 32 kB of zstd unpack to 1 GiB, Scrapy's default limit; a news page is under 1 MiB.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
# Seconds for a whole answer; Scrapy's 180 let one drip-feeding page hold a host for nine minutes.
DOWNLOAD_TIMEOUT = 30
# Error pages are answers: the session records them and the frontier decides when to ask again.
HTTPERROR_ALLOW_ALL = True
RETRY_HTTP_CODES: list[int] = []
# Once at once, for a broken connection; after that the frontier says when.
RETRY_TIMES = 1
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
# No portal's news needs a cookie, and a cookie makes twins of pages.
COOKIES_ENABLED = False
# What was asked is remembered in archive.db; the in-memory filter would only forget it.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
# Consoles that run code for whoever connects.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Only the web: no file:, ftp:, s3: or data: address of a page is ever followed.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None, "ws": None, "wss": None}
# One page yields few requests; Scrapy's 100 starts a hundred tasks for every response.
CONCURRENT_ITEMS = 4
MEMUSAGE_LIMIT_MB = 1024

LOG_LEVEL = "WARNING"
