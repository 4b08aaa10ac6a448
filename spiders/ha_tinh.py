from scraper.cms.generic import GenericSpider


class HaTinhSpider(GenericSpider):
    name = "ha_tinh"
    place = "42"
    publisher = "Cổng thông tin điện tử tỉnh Hà Tĩnh"
    home = "https://hatinh.gov.vn/"
    sections = ("https://hatinh.gov.vn/",)
    evidence = "article address /vi/bai-viet/… cited (2024); sections unknown: the front page; never tried live"
