from scraper.cms.sharepoint_2010 import SharePoint2010Spider


class DakNongKrongNoSpider(SharePoint2010Spider):
    name = "dak_nong_krong_no"
    place = "67/664"
    publisher = "UBND huyện Krông Nô"
    home = "http://krongno.daknong.gov.vn/"
    sections = ("http://krongno.daknong.gov.vn/",)
    evidence = "pages of 2019 saved from its static copy; sections unknown: the front page; never tried live"
