from datetime import date

from scraper.cms.liferay import LiferaySpider


class HaNoiSoTtttSpider(LiferaySpider):
    name = "ha_noi_so_tttt"
    place = "01"
    publisher = "Sở Thông tin và Truyền thông Hà Nội"
    home = "http://sotttt.hanoi.gov.vn/"
    sections = (
        "http://sotttt.hanoi.gov.vn/vi/cong-nghe-thong-tin",
        "http://sotttt.hanoi.gov.vn/vi/thanh-tra",
        "http://sotttt.hanoi.gov.vn/vi/bao-chi-xuat-ban",
    )
    until = date(2025, 2, 28)
    evidence = "1,575 pages of the portal saved in August 2022; the department was merged into another in March 2025"
