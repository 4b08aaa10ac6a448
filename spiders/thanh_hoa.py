from scraper.cms.aspnet_portal import AspNetPortalSpider


class ThanhHoaSpider(AspNetPortalSpider):
    name = "thanh_hoa"
    place = "38"
    publisher = "Cổng thông tin điện tử tỉnh Thanh Hóa"
    home = "https://thanhhoa.gov.vn/"
    sections = ("https://thanhhoa.gov.vn/",)
    evidence = "files under /portal/ cited in public code; the CMS of its districts; sections unknown: the front page; never tried live"
