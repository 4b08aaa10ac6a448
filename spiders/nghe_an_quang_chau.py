from scraper.cms.generic import GenericSpider


class NgheAnQuangChauSpider(GenericSpider):
    name = "nghe_an_quang_chau"
    place = "40/425"
    publisher = "UBND xã Quảng Châu (Nghệ An)"
    home = "https://quangchau.nghean.gov.vn/"
    sections = ("https://quangchau.nghean.gov.vn/tin-noi-bat",)
    evidence = "one article address cited (2026), its section inferred from it; never tried live"
