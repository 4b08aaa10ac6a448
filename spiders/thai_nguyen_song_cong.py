from scraper.cms.vhv import VhvSpider


class ThaiNguyenSongCongSpider(VhvSpider):
    name = "thai_nguyen_song_cong"
    place = "19/165"
    publisher = "UBND thành phố Sông Công"
    home = "https://songcong.thainguyen.gov.vn/"
    sections = ("https://songcong.thainguyen.gov.vn/",)
    evidence = "selectors in a public scraper, the CMS inferred from them; sections unknown: the front page; never tried live"
