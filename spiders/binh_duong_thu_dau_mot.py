from scraper.cms.dnn import DnnSpider


class BinhDuongThuDauMotSpider(DnnSpider):
    name = "binh_duong_thu_dau_mot"
    place = "74/718"
    publisher = "UBND thành phố Thủ Dầu Một"
    home = "https://thudaumot.binhduong.gov.vn/"
    sections = ("https://thudaumot.binhduong.gov.vn/",)
    evidence = "DNN by cited file addresses; sections unknown: the front page; never tried live"
