from scraper.cms.aspnet_portal import AspNetPortalSpider


class ThanhHoaDbndSpider(AspNetPortalSpider):
    name = "thanh_hoa_dbnd"
    place = "38"
    publisher = "Đoàn đại biểu Quốc hội và Hội đồng nhân dân tỉnh Thanh Hóa"
    home = "https://dbndthanhhoa.gov.vn/"
    sections = ("https://dbndthanhhoa.gov.vn/portal/KenhTin/Hoi-dong-nhan-dan-tinh.aspx",)
    evidence = "section, article addresses and selectors in a public scraper (2026); never tried live"
