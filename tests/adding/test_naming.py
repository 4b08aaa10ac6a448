"""Name, place and publisher: certain from host and page, or open with the option that says it; never invented."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.adding.gazetteer import gazetteer, host_units, text_units
from scraper.adding.naming import Identity, SiteText, citation_wish, identify, is_name, province_prefix, site_text
from scraper.extract.page import Page
from scraper.places import place_name
from scraper.portal import portals
from tests.adding.project import ROOT
from tests.replica.site import Site

NOTHING = SiteText((), ())
HOSTS = {
    "https://thapmuoi.dongthap.gov.vn/": ("87/872", "dong_thap_thap_muoi"),
    "https://www.quangtri.gov.vn/": ("45", "quang_tri"),
    "https://trieuco.quangtri.gov.vn/": ("45/469", "quang_tri_trieu_co"),  # a commune of July 2025: the district its parts were in
    "https://huyenhuonghoa.quangtri.gov.vn/": ("45/465", "quang_tri_huong_hoa"),
    "https://tpdongha.quangtri.gov.vn/": ("45/461", "quang_tri_dong_ha"),
    "https://thanhpho.caobang.gov.vn/": ("04/040", "cao_bang_cao_bang"),
    "https://hungtan-hungnguyen.nghean.gov.vn/": ("40/431", "nghe_an_hung_tan"),
    "http://sotttt.hanoi.gov.vn/": ("01", "ha_noi_sotttt"),
    "https://baria-vungtau.gov.vn/": ("77", "ba_ria_vung_tau"),
    "http://hoikhuyenhoc.angiang.edu.vn/": ("89", "an_giang_hoikhuyenhoc"),
}


@pytest.mark.parametrize("home", HOSTS)
def test_a_host_that_leaves_no_doubt(home: str) -> None:
    found = identify(home, NOTHING)
    assert found.place and found.name
    assert (found.place.value, found.name.value) == HOSTS[home]


@pytest.mark.parametrize(
    "home", ["http://127.0.0.1:8473/", "https://congdankhuyenhoc.vn/", "https://hue.gov.vn/", "https://baohaiduong.vn/"]
)
def test_a_host_that_says_nothing_is_asked_about(home: str) -> None:
    found = identify(home, NOTHING)
    assert found == Identity(None, None, None)
    assert [question.split()[0] for question in found.open_questions] == ["--place", "--name", "--publisher"]
    walked = (ROOT / "docs/adding-a-portal.md").read_text(encoding="utf-8")
    assert all(question in walked for question in found.open_questions)


def test_no_declared_portal_would_be_given_another_place() -> None:
    """What is guessed of a declared portal's host is its place, or the province of it; most are found."""
    found = {name: identify(portal.home, NOTHING).place for name, portal in portals().items()}
    for name, place in found.items():
        assert place is None or place.value == portals()[name].place, name
    assert sum(place is not None for place in found.values()) > len(found) * 0.75


def test_a_page_says_its_place_where_the_host_does_not() -> None:
    text = SiteText(("Trang thông tin điện tử huyện Tháp Mười",), ("Địa chỉ: thị trấn Mỹ An, huyện Tháp Mười, tỉnh Đồng Tháp",))
    found = identify("http://127.0.0.1:8473/", text)
    assert found.place and found.place.value == "87/872"
    assert found.name and found.name.value == "dong_thap_thap_muoi"
    assert found.publisher and found.publisher.value == "Trang thông tin điện tử huyện Tháp Mười"


def test_a_name_that_two_districts_bear_stays_open_without_a_province() -> None:
    """Huyện Châu Thành is in ten provinces."""
    assert identify("http://127.0.0.1/", SiteText(("UBND huyện Châu Thành",), ())).place is None
    named = identify("http://127.0.0.1/", SiteText(("UBND huyện Châu Thành",), ("Bản quyền: tỉnh Đồng Tháp",)))
    assert named.place and named.place.value == "87/877"


def test_a_commune_portal_has_its_district() -> None:
    text = SiteText(("Trang thông tin điện tử xã Phi Hải",), ("huyện Quảng Hòa, tỉnh Cao Bằng",))
    found = identify("http://127.0.0.1/", text)
    assert found.place and place_name(found.place.value) == "Huyện Quảng Hòa, Tỉnh Cao Bằng"
    assert found.name and found.name.value == "cao_bang_phi_hai"


def test_an_organisation_of_an_unknown_host_may_say_that_it_is_a_districts() -> None:
    text = SiteText(("Cổng thông tin điện tử huyện Hướng Hóa",), ())
    found = identify("https://hhoa.quangtri.gov.vn/", text)
    assert found.place and found.place.value == "45/465"


def test_host_and_page_that_disagree_leave_it_open() -> None:
    assert identify("https://thapmuoi.dongthap.gov.vn/", SiteText(("UBND huyện Thạch An, tỉnh Cao Bằng",), ())).place is None
    assert identify("https://www.quangtri.gov.vn/", SiteText(("Cổng thông tin điện tử tỉnh Cao Bằng",), ())).place is None


def test_a_place_that_was_typed_gives_a_districts_name_and_no_provinces() -> None:
    assert identify("http://127.0.0.1/", NOTHING, place="04/053").name is not None
    assert identify("http://127.0.0.1/", NOTHING, place="04").name is None, "a province has many portals"
    assert identify("http://127.0.0.1/", NOTHING, place="VN").name is None


def test_a_publisher_that_is_taken_or_not_named_is_asked_for() -> None:
    text = SiteText(("Trang thông tin điện tử huyện Tháp Mười",), ("Cơ quan chủ quản: UBND huyện Tháp Mười. Địa chỉ: Mỹ An",))
    found = identify("http://127.0.0.1/", text)
    assert found.publisher and found.publisher.value == "UBND huyện Tháp Mười"
    assert identify("http://127.0.0.1/", text, ["UBND huyện Tháp Mười"]).publisher is None
    assert identify("http://127.0.0.1/", SiteText(("Tin tức",), ("Cơ quan chủ quản: 0277.3.824.001",))).publisher is None
    split = SiteText((), ("Cơ quan chủ quản:", "Ủy ban nhân dân huyện Tháp Mười"))
    assert identify("http://127.0.0.1/", split).publisher is not None


def test_what_a_replica_says_of_itself() -> None:
    site = Site("dong_thap_thap_muoi", 2022, 30)
    pages = [
        Page(f"http://127.0.0.1{path}", site.answer("GET", path, {}).body.decode(), date(2026, 11, 26))
        for path in ("/vi/news/khuyen-hoc/", "/")
    ]
    text = site_text(pages)
    assert text.names == ("Trang thông tin điện tử huyện Tháp Mười",)
    assert any(line.startswith("Cơ quan chủ quản") for line in text.footer)
    assert citation_wish(text) is None
    assert citation_wish(SiteText((), ("Ghi rõ nguồn X khi trích dẫn",))) == "Ghi rõ nguồn X khi trích dẫn"


def test_names_of_spiders() -> None:
    assert is_name("cao_bang_thach_an")
    assert not any(map(is_name, ("Cao_Bang", "cao-bang", "cao__bang", "quan_1", "_cao", "cao_", "")))
    assert province_prefix("79/760") == "ho_chi_minh"
    assert province_prefix("77") == "ba_ria_vung_tau"
    assert province_prefix("VN") == "viet_nam"


def test_every_place_of_the_gazetteer_is_a_place() -> None:
    for unit in (*gazetteer().provinces, *gazetteer().districts, *gazetteer().communes[:500]):
        assert place_name(unit.path)


def test_units_in_texts_and_hosts() -> None:
    (district,) = text_units("TRANG THÔNG TIN ĐIỆN TỬ HUYỆN THÁP MƯỜI", "districts")
    assert [unit.path for unit in district] == ["87/872"]
    assert text_units("Tháp Mười đẹp nhất bông sen", "districts") == (), "a bare name is a mention"
    province, units, label = host_units("xa-khong-co.quangtri.gov.vn")
    assert province is not None and province.path == "45"
    assert (units, label) == ((), "xa-khong-co")
