from scraper.cms.vhv import VhvSpider


class ThaiBinhSpider(VhvSpider):
    name = "thai_binh"
    place = "34"
    publisher = "Cổng thông tin điện tử tỉnh Thái Bình"
    home = "https://thaibinh.gov.vn/"
    sections = ("https://thaibinh.gov.vn/",)
    evidence = "selectors in a public scraper, the CMS inferred from them; sections unknown: the front page; never tried live"
