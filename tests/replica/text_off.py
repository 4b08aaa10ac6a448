"""Plain news of a portal, not about khuyến học, and sentences that any such news may use."""

from __future__ import annotations

from .text_on import Kind

PLAIN: tuple[Kind, ...] = (
    Kind(
        "giao_thong",
        (
            "Khởi công [nâng cấp đường|cầu dân sinh] [nối|qua] {XA}",
            "{HUYEN}: Bảo đảm an toàn giao thông [dịp lễ|mùa mưa bão] năm {NAM}",
            "Tuyến đường {XA} - {xa} sạt lở, xe tải tạm dừng lưu thông",
        ),
        (
            "{BUOI}, UBND {HUYEN} cùng đơn vị thi công [khởi công|bàn giao mặt bằng] tuyến đường dài {n:2-19} km qua {XA}.",
            "Ban An toàn giao thông {HUYEN} cho biết trong tháng xảy ra {n:1-7} vụ va chạm, làm {n:1-9} người bị thương.",
        ),
        (
            "Mặt đường rộng {n:4-9} m, kết cấu bê tông xi măng, tổng mức đầu tư {ty:4-48}.",
            "Có {n:12-90} hộ hiến {n:300-4200} m2 đất, tự tháo dỡ tường rào.",
            "Lực lượng chức năng xử lý {n:40-380} trường hợp vi phạm, nộp kho bạc {tr:60-420}.",
            "Đơn vị quản lý đường bộ đã cắm {n:6-30} biển báo, phân luồng xe qua {xa}.",
            "Dự kiến công trình thông xe trong quý [I|II|III|IV] năm {NAMSAU}.",
            "Người dân {THON} mong sớm có đèn chiếu sáng ở đoạn cua gấp.",
        ),
        "kinh_te",
    ),
    Kind(
        "nong_nghiep",
        (
            "{XA} vào vụ [thu hoạch|gieo cấy] [lúa đông xuân|lạc|ngô]",
            "{HUYEN}: Giá [hồ tiêu|sắn|gừng trâu|hồi] [tăng|giảm] mạnh",
            "Phòng chống dịch tả lợn châu Phi ở {XA}",
        ),
        (
            "Những ngày này, nông dân {XA}, {HUYEN} đang [khẩn trương|tất bật] ra đồng, cả xã có {n:120-900} ha lúa.",
            "{BUOI}, phòng chuyên môn {HUYEN} kiểm tra sản xuất tại {XA} và {xa}.",
        ),
        (
            "Năng suất ước đạt {n:48-64} tạ/ha, cao hơn vụ trước {n:1-5} tạ.",
            "Thương lái thu mua tại ruộng {n:6-19} nghìn đồng mỗi ký, hộ trồng nhiều lãi {tr:20-130}.",
            "Toàn huyện đã tiêm phòng {n:2000-19000} con trâu bò, đạt {pct:71-93} kế hoạch.",
            "Sâu bệnh xuất hiện rải rác trên {n:8-70} ha, cần phun trừ trước ngày {n:5-28}/{n:2-10}.",
            "Hợp tác xã cung ứng {n:4-40} tấn giống, phân bón trả chậm không tính lãi.",
            "Hồ chứa nước ở {xa} còn {pct:42-88} dung tích, đủ tưới đến cuối vụ.",
        ),
        "kinh_te",
    ),
    Kind(
        "khuyen_nong",
        (
            "Khuyến nông {HUYEN} chuyển giao [kỹ thuật nuôi ong|mô hình nuôi bò nhốt chuồng]",
            "Trung tâm khuyến nông tỉnh {TINH} tập huấn cho {n:40-120} nông dân {XA}",
            "Hội nghị tổng kết công tác khuyến nông năm {NAM}",
        ),
        (
            "Trạm khuyến nông {HUYEN} vừa nghiệm thu mô hình [nuôi gà thả đồi|trồng rau nhà lưới] tại {XA}.",
            "{BUOI}, Trung tâm khuyến nông tỉnh {TINH} tổ chức hội thảo đầu bờ ở {THON}, {XA}.",
        ),
        (
            "Mô hình có {n:6-30} hộ tham gia, nhà nước hỗ trợ {pct:40-70} tiền giống.",
            "Sau {n:3-9} tháng, tỷ lệ sống đạt {pct:90-98}, trọng lượng bình quân {n:2-4} kg.",
            "Cán bộ khuyến nông về tận chuồng, cầm tay chỉ việc từng khâu ủ thức ăn.",
            "Anh {C} tính ra lãi {tr:12-80} mỗi lứa, sẽ mở thêm {n:1-3} dãy chuồng.",
            "Điều cần nhất là đầu ra, bởi chợ {xa} chỉ tiêu thụ được một nửa.",
            "Khuyến nông viên đề nghị bà con ghi nhật ký sản xuất để làm mã vùng trồng.",
        ),
        "kinh_te",
    ),
    Kind(
        "khuyen_mai",
        (
            "Tháng khuyến mại tập trung: sức mua ở {HUYEN} [tăng|hồi phục]",
            "Hội chợ hàng Việt về {XA}: khuyến mại tới {n:30-50}%",
            "Quản lý thị trường nhắc doanh nghiệp về thông báo khuyến mại",
        ),
        (
            "Tháng khuyến mại năm {NAM} của tỉnh {TINH} thu hút {n:80-400} cửa hàng, nhiều mặt hàng giảm giá sâu.",
            "{BUOI}, phiên chợ hàng Việt tại {XA} mở cửa với {n:20-90} gian, chương trình khuyến mại kéo dài {n:3-9} ngày.",
        ),
        (
            "Doanh thu ba ngày đầu đạt {tr:400-950}, trong đó hàng tiêu dùng chiếm {pct:40-70}.",
            "Đội quản lý thị trường số {n:1-6} kiểm tra {n:8-40} gian, nhắc nhở {n:1-7} gian chưa niêm yết giá.",
            "Chị {B} ở {THON} mua được nồi cơm điện rẻ hơn ngày thường {n:90-400} nghìn đồng.",
            "Ban tổ chức bố trí {n:3-9} điểm giữ xe không thu phí.",
            "Điện lực, viễn thông cũng mở quầy tư vấn, tặng sim và bóng đèn.",
            "Sức mua ở chợ {xa} dịp này tăng chừng {pct:12-30}.",
        ),
        "kinh_te",
    ),
    Kind(
        "y_te",
        (
            "{XA} [ra quân diệt lăng quăng|phòng chống sốt xuất huyết]",
            "Trung tâm Y tế {HUYEN} [khám bệnh miễn phí cho|tiêm chủng cho trẻ em ở] {XA}",
            "Thông báo lịch tiêm [nhắc lại|bổ sung] tại {HUYEN}",
        ),
        (
            "{BUOI}, Trung tâm Y tế {HUYEN} khám, cấp thuốc cho {n:120-640} người cao tuổi {XA}.",
            "Tuần qua, {HUYEN} ghi nhận {n:4-60} ca sốt xuất huyết, tập trung ở {XA} và {xa}.",
        ),
        (
            "Đội cơ động phun hóa chất {n:200-1900} nhà, lật úp {n:900-7000} dụng cụ đọng nước.",
            "{n:20-90} ca phát hiện tăng huyết áp được lập sổ theo dõi tại trạm.",
            "Tỷ lệ bao phủ mũi cơ bản đạt {pct:90-97}, còn {n:12-80} cháu hoãn tiêm.",
            "Bác sĩ {B} khuyên người dân ngủ màn cả ban ngày, sốt hai ngày không dứt thì đến trạm.",
            "Trạm y tế {xa} vừa nhận máy siêu âm trị giá {tr:200-700}.",
            "Thuốc men, vật tư đủ dùng trong {n:2-6} tháng.",
        ),
        "xa_hoi",
    ),
    Kind(
        "the_thao",
        (
            "Khai mạc giải bóng [chuyền|đá] [nam|nữ] {HUYEN} năm {NAM}",
            "{XA} giành giải Nhất [kéo co|đẩy gậy|việt dã] toàn huyện",
            "Hội thao [chào mừng ngày lễ lớn|mừng xuân] ở {XA}",
        ),
        (
            "{n:8-22} đội với {n:90-320} vận động viên dự giải do {HUYEN} tổ chức, khai mạc ngày {NGAY}.",
            "{BUOI}, sân vận động {XA} chật kín người xem trận chung kết.",
        ),
        (
            "Trận mở màn, đội {xa} thắng đội {xa} với tỷ số {n:2-5} - {n:0-1}.",
            "Ban tổ chức trao {n:6-20} bộ huy chương cùng tiền thưởng {tr:6-40}.",
            "Vận động viên {B} về nhất cự ly {n:2-9} km, hơn người thứ hai {n:3-40} giây.",
            "Trọng tài phải rút {n:2-7} thẻ vàng, không có thẻ đỏ.",
            "Cổ động viên mang trống, kèn từ {THON} ra từ sáng sớm.",
            "Giải kết thúc sau {n:3-9} ngày tranh tài.",
        ),
        "xa_hoi",
    ),
    Kind(
        "an_ninh",
        (
            "Công an {HUYEN} [bắt giữ|khởi tố] đối tượng [trộm xe máy|buôn pháo nổ]",
            "{XA} ra mắt camera an ninh, tổ tự quản",
            "Cảnh báo chiêu lừa đảo qua điện thoại ở {HUYEN}",
        ),
        (
            "{BUOI}, Công an {HUYEN} cho biết đã [tạm giữ|làm rõ] {n:1-5} đối tượng gây ra {n:2-11} vụ trộm ở {XA}.",
            "Công an {XA} vừa lắp {n:10-60} mắt camera tại các ngã ba, kinh phí {tr:60-300} do dân góp.",
        ),
        (
            "Tang vật thu giữ gồm {n:2-12} xe máy, {n:3-19} điện thoại và {tr:5-60}.",
            "Đối tượng {C}, {n:19-45} tuổi, khai nhận bán tài sản lấy tiền đánh bạc.",
            "Người dân nhận cuộc gọi lạ tự xưng cán bộ thì tắt máy, báo ngay số trực ban.",
            "Tổ tự quản {THON} tuần tra {n:3-6} đêm mỗi tuần.",
            "So với cùng kỳ, số vụ giảm {pct:8-30}, tỷ lệ khám phá đạt {pct:78-95}.",
            "Vụ án đang được điều tra mở rộng sang {xa}.",
        ),
        "tin",
    ),
    Kind(
        "thoi_tiet",
        (
            "{HUYEN} [chủ động ứng phó|sơ tán dân tránh] bão số {n:1-12}",
            "Rét đậm ở {XA}: [trâu bò|mạ non] cần được che chắn",
            "Mưa lớn gây ngập cục bộ tại {XA}",
        ),
        (
            "Đến chiều {NGAY}, {HUYEN} đã di dời {n:60-900} hộ ở {XA} và các vùng trũng tới nơi an toàn.",
            "Nhiệt độ tại {XA} xuống {n:3-9} độ C, {HUYEN} phát công điện yêu cầu không thả rông gia súc.",
        ),
        (
            "Lượng mưa đo được {n:120-480} mm, mực nước sông trên báo động {n:1-2}.",
            "{n:30-300} ngôi nhà tốc mái, {n:12-240} ha hoa màu hư hại, ước thiệt hại {ty:1-30}.",
            "Bộ đội, dân quân giúp dân chằng chống nhà cửa, [kê cao đồ đạc|gặt lúa chạy lũ].",
            "Điện lưới mất tại {n:3-15} thôn, ngành điện đang khắc phục.",
            "Ông {A} yêu cầu trực {n:2-3} ca, không để ai bị đói, rét.",
            "Nước rút tới đâu, dọn bùn, khử khuẩn tới đó.",
        ),
        "tin",
    ),
    Kind(
        "du_lich",
        (
            "{XA} phát triển du lịch [cộng đồng|sinh thái]",
            "Lễ hội [đầu xuân|cầu mùa] ở {XA} đón {n:3-19} nghìn lượt khách",
            "{HUYEN}: [Bảo tồn|Khôi phục] nghề [dệt|rèn|làm hương]",
        ),
        (
            "{BUOI}, lễ hội truyền thống {XA} mở trong tiết xuân, thu hút đông du khách.",
            "Từ {n:3-9} hộ làm nhà nghỉ ban đầu, {XA} nay có {n:12-40} điểm đón khách.",
        ),
        (
            "Khách lưu trú bình quân {n:1-3} ngày, chi {n:400-900} nghìn đồng mỗi người.",
            "Nghệ nhân {B} vẫn giữ khung cửi hơn {n:40-90} năm tuổi.",
            "Huyện hỗ trợ {tr:80-600} làm đường hoa, biển chỉ dẫn.",
            "Món ăn địa phương được đóng gói, gắn mã truy xuất.",
            "Hạn chế là nhà vệ sinh công cộng, bãi đỗ xe còn thiếu.",
            "Đêm xuống, tiếng đàn tiếng hát rộn ràng bên bếp lửa {THON}.",
        ),
        "xa_hoi",
    ),
    Kind(
        "hanh_chinh",
        (
            "{XA} [đẩy mạnh chuyển đổi số|giải quyết thủ tục một cửa]",
            "HĐND {HUYEN} họp kỳ thứ {n:4-19}",
            "Thu ngân sách {HUYEN} đạt {pct:52-98} dự toán",
        ),
        (
            "{BUOI}, HĐND {HUYEN} khai mạc kỳ họp, xem xét {n:9-30} báo cáo, tờ trình.",
            "Bộ phận một cửa {XA} tiếp nhận {n:600-4800} hồ sơ, trả đúng hạn {pct:95-99}.",
        ),
        (
            "Thu trên địa bàn {ty:20-190}, chi {ty:30-260}, tiền sử dụng đất chiếm phần lớn.",
            "Tổ công nghệ số {THON} đến nhà cài đặt tài khoản định danh cho {n:90-700} người.",
            "Cử tri {xa} kiến nghị sửa kênh mương, kéo điện ba pha.",
            "Đại biểu chất vấn về {n:3-12} dự án chậm tiến độ.",
            "Nghị quyết được {n:28-36}/36 đại biểu có mặt tán thành.",
            "Ông {A} nhấn mạnh kỷ luật hành chính, không đùn đẩy hồ sơ.",
        ),
        "tin",
    ),
)
FILL = (
    "Việc này đã được nêu trong {VB} gửi các xã, thị trấn.",
    "Theo lãnh đạo {HUYEN}, cách làm trên sẽ được nhân ra {n:3-9} xã còn lại.",
    "So với năm {NAMTRUOC}, kết quả [nhỉnh hơn|không chênh nhiều], riêng {xa} [tăng|giảm] {pct:3-19}.",
    "Ông {nguoi}, Phó Chủ tịch UBND {XA}, cho hay địa phương đã họp bàn {n:2-6} lần trước khi bắt tay vào việc.",
    "Bà con ở {thon} phần lớn đồng tình, chỉ {n:2-9} hộ còn băn khoăn.",
    "Kinh phí lấy từ ngân sách huyện {tr:100-900}, phần thiếu huy động từ {dn}.",
    "[Trao đổi nhanh với chúng tôi|Bên lề buổi làm việc], anh {nguoi} nói điều cần nhất lúc này là [vốn|thời gian|sự phối hợp].",
    "Công việc được chia cho {n:3-8} tổ, mỗi tổ phụ trách {n:2-5} thôn, báo cáo vào chiều thứ Sáu.",
    "Trong buổi làm việc kéo dài {n:2-4} giờ, các bên thống nhất {n:3-7} nội dung chính.",
    "Tại {xa}, phóng viên ghi nhận không khí [khẩn trương|rộn ràng|trật tự], ai cũng rõ phần việc của mình.",
    "Mọi thông tin cần hỏi thêm, người dân liên hệ bộ phận trực của UBND {XA} trong giờ hành chính.",
    "Đến hết tháng {n:1-12}, {n:60-98}% khối lượng đã xong, số còn lại dồn vào những tháng cuối năm.",
    "Một cuộc rà soát tương tự sẽ được làm tại {huyen} để có số liệu đối chứng.",
    "Người cao tuổi ở {thon} bảo rằng hàng chục năm nay mới thấy đổi thay nhiều đến vậy.",
)
LISTS_OFF: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "[Các mốc chính|Nội dung cần nhớ]:",
        (
            "Trước ngày {n:1-28}/{n:1-12}: nộp báo cáo bằng văn bản;",
            "Số điện thoại trực: {n:100-999}.{n:100-999};",
            "Địa điểm: hội trường {XA};",
            "Đơn vị chủ trì: UBND {HUYEN};",
            "Kinh phí dự kiến: {tr:50-400}.",
        ),
    ),
)
TABLES_OFF: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Số liệu chi tiết:",
        ("Địa bàn", "Kế hoạch", "Thực hiện", "Tỷ lệ"),
        ("{xa}", "{n:300-900}", "{n:120-290}", "{pct:40-98}"),
    ),
)
CAPTIONS_OFF = (
    "Một góc {THON}",
    "Cán bộ kiểm tra thực địa",
    "Quang cảnh buổi làm việc",
    "Người dân {XA} phấn khởi",
    "Ảnh minh họa",
    "Ông {A} phát biểu",
)
