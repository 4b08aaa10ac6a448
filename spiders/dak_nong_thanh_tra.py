from scraper.cms.sharepoint_2010 import SharePoint2010Spider


class DakNongThanhTraSpider(SharePoint2010Spider):
    name = "dak_nong_thanh_tra"
    place = "67"
    publisher = "Thanh tra tỉnh Đắk Nông"
    home = "http://thanhtra.daknong.gov.vn/"
    sections = ("http://thanhtra.daknong.gov.vn/",)
    evidence = "the template of Krông Nô, in pages of 2019 saved from its static copy; sections unknown: the front page; never tried live"
