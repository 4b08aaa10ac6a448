"""The table: every site, and every fault on them. The same objects in the server and in the tests that read it."""

from __future__ import annotations

from . import bombs, encodings, inject, net, parsing, redirects, retry, robots, traps, truth
from .model import Fault
from .site import Site

SITES: dict[str, Site] = {
    site.name: site
    for module in (net, bombs, redirects, robots, retry, encodings, parsing, truth, traps, inject)
    for site in module.sites()
}
FAULTS: list[Fault] = [fault for site in SITES.values() for fault in site.faults]
