from scraper.cms.nukeviet import NukeVietSpider


class QuangTriMttqSpider(NukeVietSpider):
    name = "quang_tri_mttq"
    place = "45"
    publisher = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Quảng Trị"
    home = "https://ubmttqvn.quangtri.gov.vn/"
    sections = ("https://ubmttqvn.quangtri.gov.vn/index.php/van-hoa-van-nghe/",)
    search = True
    evidence = "one article address cited, its section inferred from it; never tried live"
