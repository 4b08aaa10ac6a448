from scraper.cms.generic import GenericSpider


class HaiDuongBaoSpider(GenericSpider):
    name = "hai_duong_bao"
    place = "30"
    publisher = "Báo Hải Dương"
    home = "https://baohaiduong.vn/"
    sections = ("https://baohaiduong.vn/chuyen-muc/khuyen-hoc/20",)
    hosts = ("m.baohaiduong.vn",)
    evidence = "its column on khuyến học and an article of 2020 in saved pages of others; never tried live"
