from scraper.cms.sharepoint_2010 import SharePoint2010Spider


class LamDongSpider(SharePoint2010Spider):
    name = "lam_dong"
    place = "68"
    publisher = "Cổng thông tin điện tử tỉnh Lâm Đồng"
    home = "https://lamdong.gov.vn/"
    sections = ("https://lamdong.gov.vn/HOME/news/hotnews/Lists/Posts/Posts.aspx",)
    evidence = "section and article addresses in a public scraper, which calls the pages script-heavy; never tried live"
