"""Pages written for the tests of the generic reading, in the shapes of the portals that the handbook describes (PORTALS §3–§6).

No page is a copy of a real one. Each carries the traps of its kind: a clock, related dates, a heading that is no title, a cut title.
"""

from __future__ import annotations

P1 = (
    "Sáng ngày 10/12/2022, Hội Khuyến học huyện Triệu Phong tổ chức hội nghị tổng kết phong trào khuyến học, khuyến tài năm 2022 "
    "với sự tham dự của 120 đại biểu đến từ 18 xã, thị trấn trong huyện."
)
P2 = (
    "Trong năm, các cấp hội đã vận động được 2,3 tỷ đồng, trao 1.250 suất học bổng cho học sinh nghèo vượt khó và khen thưởng "
    "318 giáo viên, học sinh có thành tích cao trong giảng dạy và học tập."
)
P3 = "Dịp này, Ủy ban nhân dân huyện tặng giấy khen cho 15 tập thể và 22 cá nhân có nhiều đóng góp cho sự nghiệp khuyến học của địa phương."
LEAD = "Hội Khuyến học huyện vừa tổng kết một năm nhiều kết quả với hơn một nghìn suất học bổng được trao tận tay học sinh."
TITLE = "Tổng kết phong trào khuyến học, khuyến tài huyện Triệu Phong năm 2022"
SLUG = "tong-ket-phong-trao-khuyen-hoc-khuyen-tai-huyen-trieu-phong-nam-2022"
BODY = f"{P1}\n\n{P2}\n\n{P3}"
PARAGRAPHS = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"
OTHER = (
    ("Xã Triệu Ái trao 50 suất học bổng cho học sinh nghèo", "09/12/2022"),
    ("Dòng họ Nguyễn ở thôn Đại Hào đón danh hiệu dòng họ học tập", "05/12/2022"),
    ("Trung tâm học tập cộng đồng thị trấn Ái Tử mở lớp tin học", "01/12/2022"),
    ("Hội nghị sơ kết công tác khuyến học sáu tháng đầu năm", "02/07/2022"),
    ("Trao xe đạp cho học sinh vùng khó khăn trước năm học mới", "28/08/2022"),
)
MENU = "<ul>" + "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("Trang chủ", "Giới thiệu", "Tin tức", "Văn bản", "Liên hệ")) + "</ul>"
FOOTER = (
    '<div class="footer"><p>Cổng thông tin điện tử huyện Triệu Phong. Giấy phép số 12/GP-STTTT cấp ngày 03/11/2015.</p>'
    "<p>Ghi rõ nguồn khi phát hành lại thông tin từ trang này.</p></div>"
)


def related(item: str = '<li><a href="/tin/{slug}-{n}.html">{title}</a> <span class="date">({day})</span></li>') -> str:
    """A list of other news with their dates."""
    return "".join(item.format(title=title, day=day, n=100 + n, slug="tin-khac-cua-huyen") for n, (title, day) in enumerate(OTHER))


def html(head: str, body: str) -> str:
    """A whole document."""
    return f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


NUKEVIET = html(
    f"<title>{TITLE} - Triệu Phong</title><meta name='generator' content='NukeViet v4.5'><meta property='og:title' content='{TITLE}'>"
    "<meta property='article:published_time' content='2023-05-02+0709:10:11'><meta property='og:site_name' content='Triệu Phong'>",
    f"""<div class="header"><span class="current-time">Chủ nhật, 22/11/2026, 10:20</span>{MENU}</div>
    <div class="news_column panel panel-default" itemtype="http://schema.org/NewsArticle" itemscope><div class="panel-body">
    <h1 class="title margin-bottom-lg" itemprop="headline">{TITLE}</h1>
    <div class="hidden hide d-none" itemprop="author"><span itemprop="name">Super User</span></div>
    <span class="d-none hidden" itemprop="datePublished" style="display:none">2023-05-02T09:10:11+07:00</span>
    <div class="row margin-bottom-lg"><div class="col-md-12"><span class="h5">Chủ nhật - 11/12/2022 07:47</span></div></div>
    <div class="clearfix"><div class="hometext m-bottom" itemprop="description">{LEAD}</div></div>
    <div id="news-bodyhtml" class="bodytext margin-bottom-lg" itemprop="articleBody">{PARAGRAPHS}</div>
    <div class="margin-bottom-lg"><p class="h5 text-right"><strong>Tác giả: </strong>Trần Nhung</p></div></div></div>
    <div class="news_column panel panel-default"><div class="panel-body other-news">
    <p class="h3"><strong>Những tin mới hơn</strong></p>
    <ul class="related list-inline">{related()}</ul></div></div>{FOOTER}""",
)

VHV = html(
    f"<title>{TITLE[:40]}...</title><meta property='og:type' content='article'><meta property='og:title' content='{TITLE}'>"
    "<meta property='article:published_time' content='2022-12-12T08:30:00+0700'>",
    f"""<div class="region-top">{MENU}<div class="chu-chay"><div class="f_left time-home-gio">Sunday, 10/10/2023 - 20:59</div>
    <marquee>Chào mừng bạn đến với cổng thông tin điện tử của huyện Triệu Phong</marquee></div></div>
    <div class="columns-widget"><div class="col-left"><ol class="breadcrumb"><li><a href="/tin">Tin tức</a></li></ol>
    <section class="news-detail-default"><article class="Article-News"><h1 itemprop="headline">{TITLE}</h1>
    <div class="post-desc">
    <div class="social clearfix"><div class="news-date"><span>Ngày đăng:</span> 11/12/2022 - 15:52</div></div>
    <div class="data-content"><div class="brief-detail">{LEAD}</div>
    <div class="content-detail"><p><img src="/a.jpg"></p>{PARAGRAPHS}</div></div>
    <ul class="share"><li>Chia sẻ:</li><li><a href="#">In bài viết</a></li></ul></div></article></section>
    <div class="panel"><div class="panel-title">Bài tin liên quan</div>
    {related('<article class="list-news-one"><h2 class="h4 title"><a href="/{slug}-{n}.html">{title}</a></h2></article>')}</div></div>
    <div class="col-right"><div class="panel-title">Thống kê truy cập</div><div>Hôm nay: 19</div></div></div>""",
)

DNN = html(
    "<title>Chi tiết tin</title>",
    f"""<form id="Form" method="post" action="/tin-tuc"><table width="100%"><tr><td id="dnn_TopPane">{MENU}</td></tr><tr>
    <td id="dnn_LeftPane" width="200">{MENU}</td><td id="dnn_ContentPane"><div id="dnn_ctr435_ModuleContent">
    <div class="ArticleTitle"><span id="dnn_ctr435_lblTitle" class="Head">{TITLE}</span></div>
    <div><span id="dnn_ctr435_lblDate">Cập nhật lúc: 11/12/2022 07:47:00 SA</span> | Lượt xem: 120</div>
    <div id="dnn_ctr435_lblSummary" class="Summary"><b>{LEAD}</b></div>
    <div id="dnn_ctr435_lblBody" class="Normal">{P1}<br><br>{P2}<br><br>{P3}
    <p style="text-align: right"><strong>Lê Văn Hải</strong></p></div>
    <div class="OtherNews"><b>Các tin khác</b>
    <table>{related("<tr><td><a href='/tin?id={n}'>{title} ({day})</a></td></tr>")}</table></div>
    </div></td></tr></table></form>{FOOTER}""",
)

WORDPRESS = html(
    f"<title>{TITLE} – Hội Khuyến học Triệu Phong</title><meta property='og:type' content='article'>"
    f"<meta property='og:title' content='{TITLE} – Hội Khuyến học Triệu Phong'>",
    f"""<header class="site-header"><h1 class="site-title"><a href="/">Hội Khuyến học Triệu Phong</a></h1><nav>{MENU}</nav></header>
    <main><article class="post"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1><div class="entry-meta">
    <span class="posted-on"><time class="entry-date published" datetime="2022-12-11T07:47:00+07:00">11 Tháng Mười Hai, 2022</time></span>
    <span class="byline">bởi <span class="author vcard"><a href="/author/admin/">admin</a></span></span></div></header>
    <div class="entry-content"><p><strong>{LEAD}</strong></p>{PARAGRAPHS}<ul><li>Xã Triệu Ái: 50 suất học bổng</li>
    <li>Xã Triệu Độ: 45 suất học bổng</li></ul>
    <div class="sharedaddy"><a href="https://facebook.com/sharer">Chia sẻ Facebook</a></div></div></article>
    <div class="related-posts"><h3>Bài viết liên quan</h3>{related()}</div>
    <div id="comments" class="comments-area"><p>Bạn đọc Nguyễn Văn A: Bài viết rất hay, cảm ơn Hội Khuyến học đã đưa tin kịp thời.</p>
    </div></main><aside>{related()}</aside>""",
)

SHAREPOINT = html(
    "<title>Cổng Thông Tin Điện Tử huyện Triệu Phong - tỉnh Quảng Trị</title><meta name='GENERATOR' content='Microsoft SharePoint'>",
    f"""<form name="aspnetForm" id="aspnetForm"><div style="display:none"><h1>Home</h1><ul><li>Soạn bài viết</li></ul></div>
    <div class="ms-menu">{MENU}</div><table><tr><td><table class="ds_VBPL"><tr><td class="td_vanbanmoi">VĂN BẢN MỚI</td></tr></table>
    <div>Số: 05/2022/NĐ-CP</div><div>Ngày: <span>01/09/2022</span></div>
    <div><a href="/vb/05.pdf">Sửa đổi, bổ sung một số điều quy định về thủ tục hành chính của Nghị định trước đây</a></div></td>
    <td><div id="ctl00_g"><div><table><tr class="ms-news-header"><td class="FolderTitle">Giáo dục</td>
    <td class="Time">(11.12.2022 15:59)</td></tr></table></div>
    <div id="part1"><table id="tableforprint"><tr><td><p class="Title">{TITLE}</p></td></tr>
    <tr><td><b class="lv_description_mode1">{LEAD}</b></td></tr>
    <tr><td><div class="ExternalClass3F23">{PARAGRAPHS}<p>Tùng Nhi</p></div></td></tr></table>
    <span class="css_readCounter">Số lượt người xem: 0</span></div>
    <table class="tbtinkhac"><tr><td><p class="OtherTitle">TIN ĐÃ ĐƯA</p></td></tr></table>
    <table><tr><td class="Other">
    {related("<p><a href='/t{n}'>{title}</a> ({day})</p>")}</td></tr></table></div></td></tr></table></form>""",
)

DEEP_TABLES = html(
    f"<title>{TITLE} - Huyện Triệu Phong</title>",
    MENU
    + "<table><tr><td>" * 300
    + f"<h2 class='title'>{TITLE}</h2><p class='date'>Ngày đăng: 11/12/2022 07:47</p><div class='content'>{PARAGRAPHS}</div>"
    + "</td></tr></table>" * 300,
)

# A clock that shows the day of the fetch, dated other news, a licence, a date in the text: and no date of the article.
NO_DATE = html(
    f"<title>{TITLE}</title>",
    f"""<div class="top"><div>Chủ nhật, ngày 22/11/2026 10:20</div></div>{MENU}<div class="main"><div class="detail">
    <h1 class="tieu-de">{TITLE}</h1><div class="noidung">{PARAGRAPHS}</div></div>
    <div class="cactinkhac"><h3>Các tin khác</h3><ul>{related()}</ul></div></div>{FOOTER}""",
)

# The address tells nothing (?tc=22380), the text is broken by <br>, a table of figures belongs to it.
TABLE_BODY = html(
    "<title>Sở Giáo dục và Đào tạo</title>",
    f"""<div id="menu">{MENU}</div><div id="content"><div class="title-detail">{TITLE}</div>
    <div class="ngay-dang">11/12/2022</div><div class="chi-tiet">{P1}<br/>{P2}
    <table border="1"><tr><td>Xã</td><td>Học bổng</td></tr>
    <tr><td>Triệu Ái</td><td>50</td></tr><tr><td>Triệu Độ</td><td>45</td></tr></table>
    <p>{P3}</p></div></div>{FOOTER}""",
)

ATTACHMENT_ONLY = html(
    f"<title>{TITLE[:30]}...</title><meta property='og:type' content='article'><meta property='og:title' content='{TITLE}'>",
    f"""<div class="nav">{MENU}</div><div class="col"><article><h1>{TITLE}</h1><div class="date">Ngày đăng: 06/04/2022 - 10:33</div>
    <div class="content-detail"><p><a href="/upload/ke-hoach-12.pdf">ke-hoach-12.pdf</a></p></div></article>
    <div class="panel"><div>Tin liên quan</div>{related('<h2 class="h4"><a href="/{slug}-{n}.html">{title}</a></h2>')}</div></div>""",
)

PLACEHOLDER = ATTACHMENT_ONLY.replace('<a href="/upload/ke-hoach-12.pdf">ke-hoach-12.pdf</a>', "Nội dung đang được cập nhật...")

_TEASER = (
    '<div class="item"><h3><a href="/tin/{slug}-{n}.html">{title}</a></h3><span class="date">{day}</span><p>' + P2[:150] + "...</p></div>"
)
LISTING = html(
    "<title>Khuyến học - Huyện Triệu Phong</title>",
    f'{MENU}<div class="content"><h1>Khuyến học</h1>{related(_TEASER)}{related(_TEASER)}'
    f'<div class="pager"><a href="?page=2">2</a></div></div>{FOOTER}',
)
BARE_LISTING = html(
    "<title>Tin tức - sự kiện</title><meta property='og:type' content='article'><meta property='og:title' content='Tin tức - sự kiện'>",
    f'{MENU}<div class="content"><h1>Tin tức - sự kiện</h1><ul>{related()}</ul></div>{FOOTER}',
)
HOME = html(
    "<title>Cổng thông tin điện tử huyện Triệu Phong</title><meta property='og:type' content='website'>",
    f'{MENU}<div class="slide"><h2><a href="/a-b-c-d-1234.html">{TITLE}</a></h2><p>{LEAD}</p></div>{related(_TEASER)}{FOOTER}',
)
LOGIN = html(
    "<title>Đăng nhập</title>",
    f'{MENU}<form><h2>Đăng nhập hệ thống</h2><input name="user"><input type="password" name="pass"><button>Vào</button></form>{FOOTER}',
)
MAINTENANCE = html("<title>Thông báo</title>", "<h1>Hệ thống đang bảo trì</h1><p>Xin quý vị quay lại sau ít phút.</p>")
SOFT_404 = html("<title>Không tìm thấy trang</title>", f"{MENU}<h1>Không tìm thấy trang</h1><p>Nội dung bạn tìm không còn.</p>{FOOTER}")
