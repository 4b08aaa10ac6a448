from scraper.cms.dnn import DnnSpider


class ThuaThienHueSpider(DnnSpider):
    name = "thua_thien_hue"
    place = "46"
    publisher = "Cổng thông tin điện tử thành phố Huế"
    home = "https://hue.gov.vn/"
    sections = ("https://hue.gov.vn/",)
    evidence = "DNN by cited file addresses; sections unknown: the front page; never tried live"
