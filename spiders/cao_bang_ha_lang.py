from scraper.cms.cao_bang import CaoBangSpider


class CaoBangHaLangSpider(CaoBangSpider):
    name = "cao_bang_ha_lang"
    place = "04/048"
    publisher = "UBND huyện Hạ Lang"
    home = "https://halang.caobang.gov.vn/"
    sections = (
        "https://halang.caobang.gov.vn/van-hoaxa-hoi",
        "https://halang.caobang.gov.vn/kinh-te",
        "https://halang.caobang.gov.vn/chuyen-muc-tin-tuc",
    )
    evidence = "host and sections inferred from the portals of Thạch An (page text) and the province; never tried live"
