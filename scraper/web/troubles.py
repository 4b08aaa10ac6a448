"""Troubles in Vietnamese: what each kind is called and what to do about it. The English is in ``archive.kinds`` and ``upkeep.health``.

A kind that has no words here yet is told in English alone.
"""

from __future__ import annotations

from scraper.archive.kinds import KINDS

# Of issues: what each kind is called, and what it means and asks for.
ISSUES: dict[str, tuple[str, str]] = {
    "analysis_failed": ("chưa phân tích được", "Đọc chủ đề, nơi, số liệu bị lỗi; bài vẫn được lưu. Sửa xong thì chạy scrapy analyse."),
    "address_refused": ("địa chỉ không được theo", "Liên kết dẫn ra ngoài cổng hoặc tới địa chỉ không công khai. Không đi theo."),
    "archive_unlisted": ("kho web không liệt kê", "Kho web chưa cho biết họ giữ gì của cổng. Chạy lại scrapy backfill thì làm tiếp."),
    "asked_to_wait": ("cổng xin chờ", "Cổng yêu cầu tạm ngừng hỏi, hoặc lỗi nhiều lần liền. Sẽ tự hỏi lại sau."),
    "boilerplate": ("chữ của khuôn trang", "Cùng một đoạn đứng dưới ba địa chỉ trở lên: chữ của khuôn, không phải bài. Không lưu."),
    "body_empty": ("bài không có chữ", "Có tiêu đề mà không có chữ. Nếu nội dung là ảnh hay tệp thì không sao; nếu không thì sửa mẫu."),
    "broken_encoding": ("chữ hỏng mã", "Có chữ không giải mã được. So với cổng; báo bảng mã mà cổng khai báo."),
    "challenge": ("cổng chặn bằng cookie", "Trước cổng có bước kiểm tra cookie. Trình thu thập không trả lời; hãy xin cổng cho vào."),
    "damaged": ("trả lời bị đứt", "Câu trả lời bị cắt hay hỏng nên không dùng. Sẽ hỏi lại."),
    "date_doubtful": ("ngày đáng ngờ", "Ngày in trên bài cách xa ngày trong địa chỉ. Giữ ngày in; hãy xem lại trang."),
    "date_missing": ("thiếu ngày đăng", "Không thấy ngày ở chỗ mẫu trang vẫn in. Xem trang có đổi mẫu không."),
    "date_unread": ("ngày không đọc được", "Chữ ghi ngày không đọc được chắc chắn; bài để trống ngày."),
    "empty_page": ("trang rỗng", "Cổng trả lời 200 mà không có gì."),
    "encoding_suspect": ("nghi chữ TCVN3, VNI", "Chữ trông như TCVN3 hay VNI. Giữ nguyên như in, không dùng để đếm."),
    "half_page": ("trang bị cụt", "Trang ngắn hơn hẳn bản đang có. Giữ bản trước."),
    "http_error": ("cổng báo lỗi", "Cổng trả lời bằng mã lỗi."),
    "layout_changed": ("trang đổi mẫu", "Trang không còn dấu hiệu của hệ quản trị đã biết. Sửa mẫu rồi chạy scrapy replay."),
    "listing_capped": (
        "danh sách bị cụt",
        "Chưa đi hết danh sách: hết đường sang trang sau, trang sau lặp lại trang đầu, hoặc tới hạn max_pages. Bài cũ có thể thiếu.",
    ),
    "listing_empty": ("danh sách rỗng", "Danh sách không có liên kết nào tới bài. Sửa bộ chọn của danh sách rồi thu thập lại."),
    "login": ("cổng đòi đăng nhập", "Cổng đòi đăng nhập thay vì cho xem trang."),
    "maintenance": ("cổng đang bảo trì", "Cổng báo đang bảo trì. Sẽ tự hỏi lại sau."),
    "moved": (
        "địa chỉ đã chuyển chỗ",
        "Địa chỉ của bài nay dẫn đi nơi khác: giữ bản đang có, bài ở nơi ấy được lưu riêng. Hoặc chuyên mục dẫn về trang chủ: sửa lại nó.",
    ),
    "not_article": ("không phải bài", "Trang có địa chỉ như bài mà không phải bài."),
    "not_captured": ("chưa lấy được bản lưu", "Kho web chưa đưa bản lưu mà họ liệt kê. Sẽ hỏi lại, hoặc lấy bản khác cùng nội dung."),
    "not_html": ("không phải trang web", "Chỗ phải là trang lại là tài liệu hay ảnh."),
    "reader_failed": ("đọc trang bị lỗi", "Bộ đọc trang bị lỗi. Sửa (chi tiết nêu chỗ), rồi chạy scrapy replay."),
    "rewritten": ("trang bị kho web sửa", "Trang mang thanh công cụ hay liên kết đã đổi của kho web. Hãy lấy bản gốc của nó."),
    "robots_closed": ("robots.txt không cho", "robots.txt cấm địa chỉ này. Sẽ tự hỏi lại sau."),
    "selector_mismatch": ("bộ chọn không khớp", "Bộ chọn không thấy gì, hoặc thấy nhiều đoạn khác nhau. Xem lại trang."),
    "soft_404": ("“không tìm thấy” với mã 200", "Cổng nói “không tìm thấy” mà vẫn trả mã 200."),
    "stored_unpacked": ("lưu sau khi giải nén", "Đã giải nén mà vẫn khai là nén. Vẫn đọc được; chỉ thẻ cuối cho thấy trang đủ."),
    "text_lost": ("mất chữ", "Một phần đáng kể của bài không vào văn bản. So với trang; sửa chỗ bị bỏ."),
    "title_missing": ("thiếu tiêu đề", "Không thấy tiêu đề trên trang bài."),
    "too_heavy": ("trang quá nặng", "Không đọc được trang trong giới hạn thời gian và bộ nhớ. Bản lưu vẫn còn."),
    "unreachable": ("không trả lời", "Cổng không trả lời."),
    "warc_unreadable": ("WARC không đọc được", "Một bản ghi trong tệp WARC, nhập vào hay của kho, không đọc được."),
}  # fmt: skip

# Of a source as a whole: kinds of trouble that are no kinds of issues.
SOURCES = {
    "own_network": "mạng của máy này đứt",
    "likely_ended": "có lẽ đã đóng",
    "silent": "im lặng quá lâu",
    "undated": "bài mới thiếu ngày",
    "empty": "bài mới thiếu chữ",
    "not_crawled": "không được thu thập",
    "archive_failed": "kho không ghi được",
    "failed": "thu thập hỏng",
}
ADVICE = {
    "asked_to_wait": "không phải làm gì: hết thời gian cổng xin chờ thì tự hỏi lại",
    "unreachable": "chưa phải làm gì: tự thử lại sau một giờ, sáu giờ, một ngày, ba ngày",
    "own_network": "xem mạng của máy này: hầu như không cổng nào trả lời; sẽ tự thử lại",
    "http_error": "mở địa chỉ bằng trình duyệt; nếu cổng đã chuyển nhà, sửa home và sections",
    "address_refused": "xem các địa chỉ dẫn đi đâu: nếu cổng đã chuyển nhà, sửa home và sections",
    "robots_closed": "đọc robots.txt của cổng; xin phép cổng, hoặc chờ",
    "challenge": "xin cổng cho trình thu thập vào; nó không trả lời kiểm tra cookie",
    "login": "mở địa chỉ bằng trình duyệt: cổng đòi đăng nhập",
    "maintenance": "không phải làm gì: sẽ tự hỏi lại",
    "layout_changed": "sửa mẫu trang của hệ quản trị, rồi scrapy replay các tệp WARC của nguồn",
    "listing_empty": "sửa bộ chọn của danh sách, rồi thu thập lại",
    "selector_mismatch": "xem lại trang và bộ chọn",
    "likely_ended": "xem cổng; nếu đã đóng, khai báo until và thử scrapy backfill",
    "silent": "mở cổng bằng trình duyệt: nếu cổng có tin mới thì danh sách của nó đang bị đọc sai",
    "undated": "xem một bài mới: ngày đăng nay đứng ở chỗ khác",
    "empty": "xem một bài mới: nội dung nay đứng ở chỗ khác",
    "not_crawled": "xem scrapy schedule, hay bộ hẹn giờ khởi động việc thu thập, có đang chạy không",
    "archive_failed": "dọn chỗ trên đĩa của kho, hoặc sửa đĩa: không phải lỗi của cổng; sau đó tự thu thập tiếp",
    "failed": "đọc các việc cần xem của nguồn này",
}
"""What a trouble of a source asks for; the keys are those of ``upkeep.health.NEXT``."""
STATUSES = {
    "alarm": "báo động / alarm",
    "watch": "cần xem / watch",
    "new": "chưa thu thập / not crawled yet",
    "well": "ổn / well",
    "ended": "đã đóng / ended",
}


def name(kind: str) -> str:
    """What a kind of issue or trouble is called; the kind itself where it has no name."""
    return ISSUES[kind][0] if kind in ISSUES else SOURCES.get(kind, kind)


def advice(kind: str) -> str:
    """What a source in such trouble asks for."""
    return ADVICE.get(kind, ADVICE["failed"])


def meaning(kind: str) -> str | None:
    """What a kind of issue means and what to do, in both languages; None for a kind that there is not."""
    english = KINDS.get(kind)
    return f"{ISSUES[kind][1]} / {english}" if english and kind in ISSUES else english


def status(value: str) -> str:
    """How a source is."""
    return STATUSES.get(value, value)
