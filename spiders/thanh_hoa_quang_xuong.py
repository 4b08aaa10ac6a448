from scraper.cms.aspnet_portal import AspNetPortalSpider


class ThanhHoaQuangXuongSpider(AspNetPortalSpider):
    name = "thanh_hoa_quang_xuong"
    place = "38/406"
    publisher = "UBND huyện Quảng Xương"
    home = "https://quangxuong.thanhhoa.gov.vn/"
    sections = ("https://quangxuong.thanhhoa.gov.vn/",)
    evidence = "files of 2023 under /portal/ cited in public code; sections unknown: the front page; never tried live"
