from scraper.cms.cao_bang import CaoBangSpider


class CaoBangPortalSpider(CaoBangSpider):
    name = "cao_bang"
    place = "04"
    publisher = "Cổng thông tin điện tử tỉnh Cao Bằng"
    home = "https://caobang.gov.vn/"
    sections = (
        "https://caobang.gov.vn/van-hoaxa-hoi",
        "https://caobang.gov.vn/kinh-te",
        "https://caobang.gov.vn/chinh-tri",
        "https://caobang.gov.vn/chuyen-muc-tin-tuc",
    )
    evidence = "sections, article addresses and selectors in a public scraper (2024); never tried live"
