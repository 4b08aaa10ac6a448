from scraper.cms.vhv import VhvSpider


class CaMauThQuangTrungSpider(VhvSpider):
    name = "ca_mau_th_quang_trung"
    place = "96/964"
    publisher = "Trường Tiểu học Quang Trung (thành phố Cà Mau)"
    home = "http://thquangtrung.tpcamau.edu.vn/"
    sections = ("http://thquangtrung.tpcamau.edu.vn/tin-tuc-su-kien",)
    evidence = "pages of 2020 saved in 2021; never tried live"
