from scraper.cms.generic import GenericSpider


class NgheAnSpider(GenericSpider):
    name = "nghe_an"
    place = "40"
    publisher = "Cổng thông tin điện tử tỉnh Nghệ An"
    home = "https://www.nghean.gov.vn/"
    sections = ("https://www.nghean.gov.vn/",)
    evidence = "host cited in public code; article addresses as on its communes; sections unknown: the front page; never tried live"
