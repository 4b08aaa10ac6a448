from scraper.cms.nukeviet import NukeVietSpider


class CaoBangTinhDoanSpider(NukeVietSpider):
    name = "cao_bang_tinh_doan"
    place = "04"
    publisher = "Tỉnh đoàn Cao Bằng"
    home = "https://tinhdoan.caobang.gov.vn/"
    sections = ("https://tinhdoan.caobang.gov.vn/index.php/tin-tuc/",)
    search = True
    evidence = "one article address cited (2025), its section inferred from it; never tried live"
