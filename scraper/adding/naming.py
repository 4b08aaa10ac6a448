"""What a portal is called, where it belongs and who publishes it: from its host and its own pages, where they leave no doubt.

Nothing is invented: what is not certain stays open, with the option that says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from scraper.adding.gazetteer import Unit, gazetteer, host_units, text_units
from scraper.extract.page import Page
from scraper.extract.text import fold, squash
from scraper.places import place_name

# How the name of a publishing body or of its site begins: cổng (portal), trang (site), báo (paper), hội (association), sở (department) …
_BODY = re.compile(
    r"(?:cổng thông tin|cổng giao tiếp|trang thông tin|trang tin|cổng|báo|tạp chí|hội|ubnd|ủy ban|uỷ ban|sở|phòng|ban|công an|trường|"
    r"liên đoàn|tỉnh đoàn|thành đoàn|huyện đoàn|đài|trung tâm|đảng bộ|tỉnh ủy|huyện ủy|thành ủy)(?!\w)",
    re.I,
)
_OWNER = re.compile(r"^(?:cơ quan|đơn vị) (?:chủ quản|quản lý)\s*:?\s*(.*)$", re.I)
_OWNER_END = re.compile(r"\s*(?:[.;|]|\s[-–]\s|Địa chỉ|Giấy phép|Điện thoại|Chịu trách nhiệm|Email).*$", re.I)
LONGEST_PUBLISHER = 100


@dataclass(frozen=True, slots=True)
class SiteText:
    """What a portal says of itself: the part of its titles that is the site's own name, and the lines of its footer."""

    names: tuple[str, ...]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A value and where it was taken from."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Name, place and publisher as far as they are certain; ``open_questions`` says of each other one which option settles it."""

    name: Said | None
    place: Said | None
    publisher: Said | None

    @property
    def open_questions(self) -> tuple[str, ...]:
        """One line for each thing that a person has to say."""
        asked = (
            (
                self.place,
                "--place CODE: the province, or province/district, of before July 2025, such as 04/053 (scraper/data/places.csv.gz)",
            ),
            (self.name, "--name NAME: the province first, letters and underscores only, such as cao_bang_thach_an"),
            (self.publisher, "--publisher TEXT: the body behind the portal, as its footer names it, such as “UBND huyện Thạch An”"),
        )
        return tuple(question for said, question in asked if said is None)


def site_text(pages: Sequence[Page]) -> SiteText:
    """What pages of a portal say of it, its front page best last: whole names only, no headline."""
    names: list[str] = []
    for page in pages:
        names += page.root.css('meta[property="og:site_name"]::attr(content)').getall()
        names += _site_parts(page.root.css("title").xpath("string()").get() or "")
        names += page.root.css("[id*=header] img::attr(alt), [class*=header] img::attr(alt), [id*=banner] img::attr(alt)").getall()
        names += page.root.css("[id*=header], [class*=Header], [class*=site-banner]").xpath("text()").getall()
    lines = [
        squash(text)
        for page in pages
        for text in page.root.css("footer, [id*=footer], [class*=footer], [class*=Footer]").xpath(".//text()").getall()
    ]
    cleaned = (squash(name) for name in names)
    return SiteText(tuple(dict.fromkeys(filter(None, cleaned))), tuple(dict.fromkeys(filter(None, lines))))


def _site_parts(title: str) -> list[str]:
    """The parts of a document's title that begin as a site's name does."""
    parts = (squash(part) for part in re.split(r"\s[-–|»]\s", title))
    return [part for part in parts if _BODY.match(part)]


def identify(home: str, text: SiteText, publishers_taken: Iterable[str] = (), place: str | None = None) -> Identity:
    """What is certain of a portal at ``home`` that says ``text`` of itself; ``place`` is its code where a person said it."""
    host = urlsplit(home).hostname or ""
    province, units, label = host_units(host)
    found, unit = _place(province, units, label, text)
    if place is not None and (found is None or found.value != place):
        # Of a province there may be many portals: which of them this is, its code does not say.
        found, unit, label = Said(place, "typed"), next((unit for unit in gazetteer().districts if unit.path == place), None), ""
    name = _name(found, unit, label if province and not units else "")
    publisher = _publisher(text)
    if publisher and publisher.value in set(publishers_taken):
        publisher = None
    return Identity(name, found, publisher)


def _place(province: Unit | None, units: tuple[Unit, ...], label: str, text: SiteText) -> tuple[Said | None, Unit | None]:
    """The place, and the unit that the portal is of; two sources that disagree leave it open."""
    said = _said_units(text)
    paths = {unit.path for unit in units}
    told = {unit.path for unit in said}
    if len(paths) == 1:
        unit = units[0]
        if told and not any(path.startswith(unit.province) for path in told):
            return None, None
        return Said(unit.path, f"the host: {unit.kind} {unit.bare}"), unit
    if len(paths) > 1:
        agreed = [unit for unit in units if unit.path in told]
        if len({unit.path for unit in agreed}) != 1:
            return None, None
        return Said(agreed[0].path, f"the host and the page: {agreed[0].kind} {agreed[0].bare}"), agreed[0]
    if province is not None:
        if told and not any(path.startswith(province.path) for path in told):
            return None, None
        own = (
            {unit.path: unit for unit in _said_units(SiteText(text.names, ())) if unit.path.startswith(f"{province.path}/")}
            if label
            else {}
        )
        if len(own) == 1:
            path, unit = next(iter(own.items()))
            return Said(path, f"the page names itself: {unit.kind} {unit.bare}"), unit
        return Said(province.path, f"the host: {province.kind} {province.bare}"), province
    if len(told) == 1:
        return Said(said[0].path, f"the page names itself: {said[0].kind} {said[0].bare}"), said[0]
    return None, None


def _said_units(text: SiteText) -> tuple[Unit, ...]:
    """The smallest units that a portal's own name, or else its footer, names; several where it is not certain."""
    for lines in (text.names, text.footer):
        everything = " | ".join(lines)
        near = " | ".join((*text.names, *text.footer))
        provinces = {unit.path for units in text_units(near, "provinces") for unit in units}
        districts = _certain(text_units(everything, "districts"), provinces)
        communes = _certain(text_units(everything, "communes"), provinces, {unit.path for unit in districts})
        # A footer tells its office's address, a commune: only a site's own name makes the portal that commune's.
        if lines is text.names and communes:
            return communes
        if districts:
            return districts
        named = tuple(unit for units in text_units(everything, "provinces") for unit in units)
        if named:
            return named
    return ()


def _certain(groups: tuple[tuple[Unit, ...], ...], *within: set[str]) -> tuple[Unit, ...]:
    """Of units that share a name, those in the provinces (and districts) that the page names; all where it names none."""
    found: list[Unit] = []
    for group in groups:
        for paths in within:
            narrowed = tuple(unit for unit in group if any(unit.path == path or unit.path.startswith(f"{path}/") for path in paths))
            group = narrowed or group
        found += group
    return tuple(found)


def _name(place: Said | None, unit: Unit | None, label: str) -> Said | None:
    if place is None or unit is None:
        return None
    own = unit.bare if unit.level != "province" else label
    name = "_".join(filter(None, (province_prefix(place.value), snake(own))))
    return Said(name, "its place" if not label else "its place and host") if is_name(name) else None


def snake(text: str) -> str:
    """A name as it stands in a file's name: ``Thạch An`` → ``thach_an``."""
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")


def is_name(name: str) -> bool:
    """Whether a spider may be called so."""
    return re.fullmatch(r"[a-z]+(?:_[a-z]+)*", name) is not None


def province_prefix(place: str) -> str:
    """What a spider's name begins with: its province."""
    return snake(re.sub(r"^(?:Tỉnh|Thành phố) ", "", place_name(place.partition("/")[0])))


def _publisher(text: SiteText) -> Said | None:
    for number, line in enumerate(text.footer):
        owner = _OWNER.match(line)
        if owner:
            said = owner[1] or next(iter(text.footer[number + 1 : number + 2]), "")
            said = _OWNER_END.sub("", said).strip(" :,-–")
            if _is_body(said):
                return Said(said, "the footer: cơ quan chủ quản")
    for name in text.names:
        if _is_body(name):
            return Said(name, "the site's own name")
    return None


def _is_body(text: str) -> bool:
    """Whether a text names a body, and which: “UBND huyện” alone names none."""
    words = text.split()
    return bool(_BODY.match(text)) and len(text) <= LONGEST_PUBLISHER and len(words) > 2 and not words[-1].islower()


def citation_wish(text: SiteText) -> str | None:
    """The footer's line that says how the portal wants to be cited (“Ghi rõ nguồn …”); None when it has none."""
    return next((line for line in text.footer if "ghi rõ nguồn" in line.lower()), None)
