from scraper.cms.liferay import LiferaySpider


class DakLakBuonMaThuotSpider(LiferaySpider):
    name = "dak_lak_buon_ma_thuot"
    place = "66/643"
    publisher = "UBND thành phố Buôn Ma Thuột"
    home = "https://buonmathuot.daklak.gov.vn/"
    sections = ("https://buonmathuot.daklak.gov.vn/",)
    evidence = "a public scraper met a cookie challenge here, which is not answered; sections unknown: the front page; never tried live"
