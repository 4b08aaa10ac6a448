from scraper.cms.nukeviet import NukeVietSpider


class NgheAnHungTanSpider(NukeVietSpider):
    name = "nghe_an_hung_tan"
    place = "40/431"
    publisher = "UBND xã Hưng Tân (Hưng Nguyên, Nghệ An)"
    home = "https://hungtan-hungnguyen.nghean.gov.vn/"
    sections = ("https://hungtan-hungnguyen.nghean.gov.vn/",)
    search = True
    evidence = "NukeViet by its cited addresses; sections unknown: the front page; never tried live"
