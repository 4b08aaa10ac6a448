from scraper.cms.vccorp import VccorpSpider


class VietNamCongDanKhuyenHocSpider(VccorpSpider):
    name = "viet_nam_cong_dan_khuyen_hoc"
    place = "VN"
    publisher = "Tạp chí Công dân và Khuyến học"
    home = "https://congdankhuyenhoc.vn/"
    sections = (
        "https://congdankhuyenhoc.vn/khuyen-hoc.htm",
        "https://congdankhuyenhoc.vn/cong-dan-hoc-tap.htm",
    )
    evidence = "sections, selectors and article addresses in public scrapers (2022–2026); never tried live"
