from scraper.cms.nukeviet import NukeVietSpider


class QuangTriTruongLeDuanSpider(NukeVietSpider):
    name = "quang_tri_truong_le_duan"
    place = "45"
    publisher = "Trường Chính trị Lê Duẩn (Quảng Trị)"
    home = "http://truongleduan.quangtri.gov.vn/"
    sections = ("http://truongleduan.quangtri.gov.vn/vi/news/Tin-hoat-dong-nha-truong/",)
    search = True
    evidence = "section cited in a public scraper; never tried live"
