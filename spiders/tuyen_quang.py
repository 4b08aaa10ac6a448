from scraper.cms.liferay import LiferaySpider


class TuyenQuangSpider(LiferaySpider):
    name = "tuyen_quang"
    place = "08"
    publisher = "Cổng thông tin điện tử tỉnh Tuyên Quang"
    home = "https://tuyenquang.gov.vn/"
    sections = ("https://tuyenquang.gov.vn/",)
    evidence = "article address /chi-tiet-tin/-/asset_publisher/… cited; sections unknown: the front page; never tried live"
