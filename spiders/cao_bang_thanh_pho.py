from scraper.cms.cao_bang import CaoBangSpider


class CaoBangThanhPhoSpider(CaoBangSpider):
    name = "cao_bang_thanh_pho"
    place = "04/040"
    publisher = "UBND thành phố Cao Bằng"
    home = "https://thanhpho.caobang.gov.vn/"
    sections = (
        "https://thanhpho.caobang.gov.vn/van-hoaxa-hoi",
        "https://thanhpho.caobang.gov.vn/kinh-te",
        "https://thanhpho.caobang.gov.vn/chuyen-muc-tin-tuc",
    )
    evidence = "host and sections inferred from the portals of Thạch An (page text) and the province; never tried live"
