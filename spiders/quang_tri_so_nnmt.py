from scraper.cms.liferay_view_article import LiferayViewArticleSpider


class QuangTriSoNnmtSpider(LiferayViewArticleSpider):
    name = "quang_tri_so_nnmt"
    place = "45"
    publisher = "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị"
    home = "https://snnmt.quangtri.gov.vn/"
    sections = ("https://snnmt.quangtri.gov.vn/",)
    evidence = "one article address cited (made 2025); sections unknown: the front page; never tried live"
