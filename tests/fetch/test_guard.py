"""No name leads to this machine or its network unless it is a replica's."""

from __future__ import annotations

import pytest

from scraper.fetch.guard import AddressRefused, PublicResolver
from spiders.quang_tri import QuangTriSpider

PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    with pytest.raises(AddressRefused, match="not a public address"):
        PublicResolver._public(address, "cong.gov.vn")


def test_public_addresses_pass() -> None:
    assert PublicResolver._public("203.162.0.181", "cong.gov.vn") == "203.162.0.181"


@pytest.mark.parametrize(
    ("url", "base_url", "own"),
    [
        ("https://www.quangtri.gov.vn/tin-tuc", None, True),
        ("http://quangtri.gov.vn/tin-tuc", None, True),
        ("https://quangtri.gov.vn:8443/", None, False),
        ("https://congan.quangtri.gov.vn/", None, False),
        ("https://www.quangtri.gov.vn.example.org/", None, False),
        ("http://127.0.0.1/", None, False),
        ("http://2130706433/", None, False),
        ("http://127.0.0.1:8471/tin-tuc", "http://127.0.0.1:8471", True),
        ("http://127.0.0.1:8472/tin-tuc", "http://127.0.0.1:8471", False),
        ("http://localhost:8471/tin-tuc", "http://127.0.0.1:8471", False),
        ("https://www.quangtri.gov.vn/tin-tuc", "http://127.0.0.1:8471", False),
    ],
)
def test_only_the_portals_own_host_and_port(url: str, base_url: str | None, own: bool) -> None:
    assert QuangTriSpider.owns(url, base_url) is own
