from scraper.cms.cao_bang import CaoBangSpider


class CaoBangTrungKhanhSpider(CaoBangSpider):
    name = "cao_bang_trung_khanh"
    place = "04/047"
    publisher = "UBND huyện Trùng Khánh"
    home = "https://trungkhanh.caobang.gov.vn/"
    sections = (
        "https://trungkhanh.caobang.gov.vn/van-hoaxa-hoi",
        "https://trungkhanh.caobang.gov.vn/kinh-te",
        "https://trungkhanh.caobang.gov.vn/chuyen-muc-tin-tuc",
    )
    evidence = "host and sections inferred from the portals of Thạch An (page text) and the province; never tried live"
