from scraper.cms.aspnet_portal import AspNetPortalSpider


class ThanhHoaMuongLatSpider(AspNetPortalSpider):
    name = "thanh_hoa_muong_lat"
    place = "38/384"
    publisher = "UBND huyện Mường Lát"
    home = "https://muonglat.thanhhoa.gov.vn/"
    sections = ("https://muonglat.thanhhoa.gov.vn/",)
    evidence = "files of 2022 under /portal/ cited in public code; sections unknown: the front page; never tried live"
