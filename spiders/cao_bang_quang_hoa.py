from scraper.cms.cao_bang import CaoBangSpider


class CaoBangQuangHoaSpider(CaoBangSpider):
    name = "cao_bang_quang_hoa"
    place = "04/049"
    publisher = "UBND huyện Quảng Hòa"
    home = "https://quanghoa.caobang.gov.vn/"
    sections = (
        "https://quanghoa.caobang.gov.vn/van-hoaxa-hoi",
        "https://quanghoa.caobang.gov.vn/kinh-te",
        "https://quanghoa.caobang.gov.vn/chuyen-muc-tin-tuc",
    )
    evidence = "host and sections inferred from the portals of Thạch An (page text) and the province; never tried live"
