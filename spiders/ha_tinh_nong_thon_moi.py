from scraper.cms.generic import GenericSpider


class HaTinhNongThonMoiSpider(GenericSpider):
    name = "ha_tinh_nong_thon_moi"
    place = "42"
    publisher = "Văn phòng Điều phối nông thôn mới tỉnh Hà Tĩnh"
    home = "https://nongthonmoi.hatinh.gov.vn/"
    sections = ("https://nongthonmoi.hatinh.gov.vn/",)
    evidence = "one article address cited (2026); sections unknown: the front page; never tried live"
