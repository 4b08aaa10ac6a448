from scraper.cms.liferay_view_article import LiferayViewArticleSpider


class QuangTriTrieuCoSpider(LiferayViewArticleSpider):
    name = "quang_tri_trieu_co"
    place = "45/469"
    publisher = "UBND xã Triệu Cơ"
    home = "https://trieuco.quangtri.gov.vn/"
    sections = ("https://trieuco.quangtri.gov.vn/",)
    evidence = "one article address of 03/03/2026 cited; sections unknown: the front page; never tried live"
