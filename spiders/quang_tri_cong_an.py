from scraper.cms.wordpress import WordPressSpider


class QuangTriCongAnSpider(WordPressSpider):
    name = "quang_tri_cong_an"
    place = "45"
    publisher = "Công an tỉnh Quảng Trị"
    home = "https://congan.quangtri.gov.vn/"
    sections = ("https://congan.quangtri.gov.vn/",)
    search = True
    evidence = "WordPress and its selectors in a public scraper (2024); sections unknown: the front page; never tried live"
