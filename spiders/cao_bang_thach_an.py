from scraper.cms.cao_bang import CaoBangSpider


class CaoBangThachAnSpider(CaoBangSpider):
    name = "cao_bang_thach_an"
    place = "04/053"
    publisher = "UBND huyện Thạch An"
    home = "https://thachan.caobang.gov.vn/"
    sections = (
        "https://thachan.caobang.gov.vn/van-hoaxa-hoi",
        "https://thachan.caobang.gov.vn/kinh-te",
        "https://thachan.caobang.gov.vn/chuyen-muc-tin-tuc",
    )
    citation = "Trang thông tin điện tử huyện Thạch An (hoặc https://thachan.caobang.gov.vn)"
    evidence = "text of one page, with its footer; sections as on caobang.gov.vn (public scraper); never tried live"
