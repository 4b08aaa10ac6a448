"""Traps: news that only looks as if it were about khuyến học."""

from __future__ import annotations

from .text_on import Kind

TRAPS: tuple[Kind, ...] = (
    Kind(
        "lich",
        (
            "Lịch công tác tuần thứ {TUAN} năm {NAM} của Thường trực {HUYEN}",
            "Lịch tiếp công dân tháng {THANG}/{NAM} của {HUYEN}",
        ),
        ("Văn phòng {HUYEN} thông báo lịch công tác trong tuần của Thường trực như sau; nếu thay đổi sẽ báo sau.",),
        (
            "Thứ Hai: 7 giờ 30, ông {A} giao ban khối; 14 giờ, làm việc với {XA} về mặt bằng.",
            "Thứ Ba: 8 giờ, bà {B} tiếp công dân tại trụ sở; 15 giờ, kiểm tra chợ {xa}.",
            "Thứ Tư: 8 giờ 30, họp Ban chỉ đạo nông thôn mới; chiều dự khánh thành nhà văn hóa {THON}.",
            "Thứ Năm: cả ngày, ông {C} đi cơ sở {xa}, xem xét kè chống xói lở.",
            "Thứ Sáu: 9 giờ, họp thẩm định giá đất; 14 giờ 30, xử lý văn bản.",
            "Trực lãnh đạo ngày nghỉ: ông {nguoi}; số máy trực {n:100-999}.{n:100-999}.",
            "Các ngành chuẩn bị tài liệu, gửi trước cuộc họp {n:1-3} ngày làm việc.",
        ),
        "tin",
    ),
    Kind(
        "khach_moi",
        (
            "Khánh thành nhà văn hóa {THON}, {XA}",
            "{XA} họp mặt [đầu xuân|ngày hội đoàn kết] năm {NAM}",
        ),
        (
            "{BUOI}, {XA} tổ chức lễ khánh thành nhà văn hóa {THON}; dự lễ có đại diện Phụ nữ, Khuyến học, Cựu "
            "chiến binh, "
            "Chữ thập đỏ và đông đảo nhân dân.",
            "Dự buổi họp mặt ngày {NGAY} ở {XA} có khối Mặt trận, các hội Nông dân, Người cao tuổi, Khuyến học cùng bà con {THON}.",
        ),
        (
            "Công trình rộng {n:120-400} m2, kinh phí {tr:400-950}, dân góp {pct:20-45}.",
            "Sân khấu, cổng chào và bồn hoa do thanh niên {THON} tự tay làm.",
            "Ông {A} đọc lời cảm ơn những hộ hiến đất, góp công.",
            "Sau phần lễ là bữa cơm chung với {n:20-60} mâm cỗ.",
            "Thôn giao tổ quản lý {n:3-7} người giữ chìa khóa, lo điện nước.",
            "Đội văn nghệ {xa} góp vui {n:4-9} tiết mục.",
        ),
        "xa_hoi",
    ),
    Kind(
        "lam_theo_bac",
        (
            "{HUYEN} sơ kết việc làm theo lời Bác",
            "Đảng ủy {XA} triển khai chuyên đề làm theo gương Bác năm {NAM}",
        ),
        (
            "{BUOI}, Đảng ủy {XA} đánh giá kết quả các đơn vị học tập và làm theo Bác trong năm {NAM}.",
            "Qua khảo sát ở {HUYEN}, phần lớn các đơn vị học tập và làm theo Bác đã có việc làm cụ thể, không hô hào.",
        ),
        (
            "Mỗi chi bộ chọn một việc khó, viết ra giấy, cuối quý đối chiếu.",
            "Đảng viên {B} nhận giữ sạch đoạn đường {n:200-900} m trước ngõ.",
            "Có {n:30-160} tập thể đăng ký nêu gương, {pct:80-97} hoàn thành.",
            "Đoàn kiểm tra nhắc {n:2-6} chi bộ còn sao chép bản đăng ký năm cũ.",
            "Hội nghị biểu dương {n:8-40} điển hình, trong đó {n:2-9} người là công nhân.",
            "Ông {A} yêu cầu gắn chuyên đề với cải cách hành chính, tiết kiệm.",
        ),
        "tin",
    ),
    Kind(
        "nha_xa_hoi",
        (
            "{HUYEN}: Nhà ở cho người thu nhập thấp vướng mặt bằng",
            "Rà soát quỹ nhà xã hội tại {XA}",
        ),
        (
            "Theo quy hoạch, các khu nhà xã hội học tập trung mô hình dãy liền kề ở {XA}, gồm {n:80-300} căn.",
            "{BUOI}, {HUYEN} bàn việc xây nhà xã hội; tổ tư vấn cho rằng khu nhà xã hội học tập trung kiểu phố cũ là chưa hợp lý.",
        ),
        (
            "Giá bán dự kiến {n:9-14} triệu đồng mỗi mét vuông, trả góp {n:10-20} năm.",
            "Hiện còn {n:12-60} hộ chưa nhận tiền đền bù.",
            "Chủ đầu tư xin giãn tiến độ {n:3-9} tháng vì vật liệu tăng giá.",
            "Ông {A} giao phòng chuyên môn kiểm kê lại {n:2-9} ha đất công.",
            "Người lao động ở {xa} mong được thuê dài hạn hơn là mua đứt.",
            "Hệ thống thoát nước, cây xanh phải xong trước khi giao căn hộ.",
        ),
        "kinh_te",
    ),
    Kind(
        "tin_buon",
        (
            "Tin buồn: Ông {A} từ trần",
            "Tin buồn: {XA} báo tin ông {A} qua đời",
            "Tin buồn {XA}: Ông {A}",
        ),
        (
            "{XA}, {HUYEN} và gia đình vô cùng thương tiếc báo tin: ông {A}, sinh năm {y:1934-1952}, nguyên Chủ "
            "tịch Hội Khuyến "
            "học xã, đã từ trần ngày {NGAY}.",
        ),
        (
            "Ông tham gia cách mạng từ năm {y:1953-1968}, từng giữ nhiều chức vụ ở hợp tác xã, Mặt trận và UBND xã.",
            "Ông được tặng Huy hiệu {n:40-60} năm tuổi Đảng, Huân chương Kháng chiến hạng [Nhì|Ba].",
            "Lễ viếng bắt đầu từ {n:7-9} giờ ngày {n:1-28}/{n:1-12} tại nhà riêng, {THON}.",
            "Lễ truy điệu lúc {n:6-8} giờ sáng hôm sau, an táng tại nghĩa trang nhân dân {XA}.",
            "Thay mặt tang quyến, con trai trưởng {nguoi} xin cảm tạ bà con, bè bạn.",
            "Trong lúc tang gia bối rối, có điều gì sơ suất mong được lượng thứ.",
            "Ban lễ tang gồm {n:7-13} người do bà {B} làm Trưởng ban; điện thoại liên hệ {n:100-999}.{n:100-999}.",
            "Hàng xóm láng giềng nhớ mãi người cán bộ giản dị, sống chan hòa, việc chung việc riêng đều trọn vẹn.",
        ),
        "tin",
    ),
    Kind(
        "ngan_hang",
        (
            "{BANK} tung gói học bổng du học kèm thẻ tín dụng tại {TINH}",
            "{BANK} mở phòng giao dịch ở {HUYEN}, tặng học bổng tiếng Anh",
        ),
        (
            "{BANK} vừa giới thiệu tại {HUYEN} gói vay du học lãi suất {n:6-9}%/năm, khách mở thẻ được bốc thăm trúng thưởng.",
            "{BUOI}, {BANK} khai trương phòng giao dịch ở {XA}, kèm nhiều ưu đãi cho khách gửi tiền.",
        ),
        (
            "Hạn mức vay tới {pct:70-90} chi phí, thời hạn {n:5-10} năm, tài sản bảo đảm là nhà đất.",
            "Chủ thẻ chi tiêu {n:20-90} triệu đồng mỗi quý được hoàn {pct:1-5}.",
            "Bà {B}, Giám đốc chi nhánh, đặt mục tiêu huy động {ty:80-400} ngay năm đầu.",
            "Khách hàng ở {xa} có thể mở tài khoản trực tuyến, không cần ra quầy.",
            "Chương trình do ngân hàng quyết định, có thể dừng trước hạn.",
            "Máy rút tiền đặt ngay cổng chợ, hoạt động suốt ngày đêm.",
        ),
        "kinh_te",
    ),
)
