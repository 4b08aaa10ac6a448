from scraper.cms.generic import GenericSpider


class NgheAnCongAnSpider(GenericSpider):
    name = "nghe_an_cong_an"
    place = "40"
    publisher = "Công an tỉnh Nghệ An"
    home = "https://congan.nghean.gov.vn/"
    sections = ("https://congan.nghean.gov.vn/",)
    evidence = "one article address cited (2025); sections unknown: the front page; never tried live"
