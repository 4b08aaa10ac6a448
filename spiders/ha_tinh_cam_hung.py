from scraper.cms.nukeviet import NukeVietSpider


class HaTinhCamHungSpider(NukeVietSpider):
    name = "ha_tinh_cam_hung"
    place = "42/446"
    publisher = "UBND xã Cẩm Hưng (Cẩm Xuyên, Hà Tĩnh)"
    home = "http://xacamhung.hatinh.gov.vn/"
    sections = ("http://xacamhung.hatinh.gov.vn/",)
    search = True
    evidence = "NukeViet by files of 2020 cited in public code; sections unknown: the front page; never tried live"
