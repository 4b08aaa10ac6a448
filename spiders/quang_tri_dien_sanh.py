from scraper.cms.liferay_view_article import LiferayViewArticleSpider


class QuangTriDienSanhSpider(LiferayViewArticleSpider):
    name = "quang_tri_dien_sanh"
    place = "45/470"
    publisher = "UBND xã Diên Sanh"
    home = "https://diensanh.quangtri.gov.vn/"
    sections = ("https://diensanh.quangtri.gov.vn/",)
    evidence = (
        "Liferay by a cited file address (2026), the portlet inferred from Triệu Cơ; sections unknown: the front page; never tried live"
    )
