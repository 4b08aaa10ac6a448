from scraper.cms.liferay_view_article import LiferayViewArticleSpider


class QuangBinhSpider(LiferayViewArticleSpider):
    name = "quang_binh"
    place = "44"
    publisher = "Cổng thông tin điện tử tỉnh Quảng Bình"
    home = "https://quangbinh.gov.vn/"
    sections = ("https://quangbinh.gov.vn/",)
    evidence = (
        "one article address cited (made 2020); the province is part of Quảng Trị since 7/2025; "
        "sections unknown: the front page; never tried live"
    )
