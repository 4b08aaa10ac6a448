from scraper.cms.liferay import LiferaySpider


class BacNinhSpider(LiferaySpider):
    name = "bac_ninh"
    place = "27"
    publisher = "Cổng thông tin điện tử tỉnh Bắc Ninh"
    home = "https://bacninh.gov.vn/"
    sections = ("https://bacninh.gov.vn/",)
    evidence = "article address /-/details/… cited; sections unknown: the front page; never tried live"
