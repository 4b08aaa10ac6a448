from scraper.cms.generic import GenericSpider


class AnGiangHoiKhuyenHocSpider(GenericSpider):
    name = "an_giang_hoi_khuyen_hoc"
    place = "89"
    publisher = "Hội Khuyến học tỉnh An Giang"
    home = "http://hoikhuyenhoc.angiang.edu.vn/"
    sections = ("http://hoikhuyenhoc.angiang.edu.vn/",)
    evidence = "host cited in public text, nothing else known; sections unknown: the front page; never tried live"
