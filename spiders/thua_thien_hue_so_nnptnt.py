from scraper.cms.dnn import DnnSpider


class ThuaThienHueSoNnptntSpider(DnnSpider):
    name = "thua_thien_hue_so_nnptnt"
    place = "46"
    publisher = "Sở Nông nghiệp và Phát triển nông thôn tỉnh Thừa Thiên Huế"
    home = "https://snnptnt.thuathienhue.gov.vn/"
    sections = ("https://snnptnt.thuathienhue.gov.vn/?gd=1&cn=129",)
    evidence = "one article address cited, its section inferred from it; never tried live"
