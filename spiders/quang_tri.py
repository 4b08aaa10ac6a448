from scraper.cms.liferay_view_article import LiferayViewArticleSpider


class QuangTriSpider(LiferayViewArticleSpider):
    name = "quang_tri"
    place = "45"
    publisher = "Cổng thông tin điện tử tỉnh Quảng Trị"
    home = "https://www.quangtri.gov.vn/"
    sections = ("https://www.quangtri.gov.vn/tin-tuc", "https://www.quangtri.gov.vn/van-hoa-xa-hoi")
    evidence = "article addresses cited 2019–2026; /tin-tuc in a public scraper (2026); /van-hoa-xa-hoi is inferred; never tried live"
