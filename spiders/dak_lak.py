from scraper.cms.liferay import LiferaySpider


class DakLakSpider(LiferaySpider):
    name = "dak_lak"
    place = "66"
    publisher = "Cổng thông tin điện tử tỉnh Đắk Lắk"
    home = "https://daklak.gov.vn/"
    sections = ("https://daklak.gov.vn/",)
    evidence = "addresses and selectors in public scrapers; sections unknown: the front page; never tried live"
