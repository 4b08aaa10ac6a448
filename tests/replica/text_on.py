"""What is said in news about khuyến học: kinds of event, each with titles, leads and sentences of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of news: its titles, leads and own sentences, as grammar templates."""

    name: str
    titles: tuple[str, ...]
    leads: tuple[str, ...]
    body: tuple[str, ...]
    theme: str = "xa_hoi"
    months: tuple[int, ...] = tuple(range(1, 13))


KINDS: tuple[Kind, ...] = (
    Kind(
        "dai_hoi",
        (
            "Hội Khuyến học {XA} [đại hội|tổ chức đại hội] nhiệm kỳ {NHIEMKY}",
            "Đại hội Hội Khuyến học {HUYEN} lần thứ [III|IV|V|VI]",
            "Ông {A} giữ chức Chủ tịch Hội Khuyến học {XA}",
        ),
        (
            "{BUOI}, Hội Khuyến học {XA}, {HUYEN} [tiến hành|long trọng mở] đại hội đại biểu nhiệm kỳ {NHIEMKY}.",
            "{n:80-240} đại biểu [thay mặt|đại diện cho] hội viên toàn {HUYEN} đã về dự đại hội Hội Khuyến học "
            "[vừa diễn ra|được tổ chức] ngày {NGAY}.",
        ),
        (
            "Nhiệm kỳ vừa qua, số hội viên tăng từ {n:700-1900} lên {n:2000-5200} người, [bằng|chiếm] {pct:18-34} dân số.",
            "Đại hội đã bầu {n:9-21} người vào Ban Chấp hành; ông {A} [tái đắc cử|được tín nhiệm bầu làm] Chủ tịch Hội.",
            "Báo cáo trình đại hội [thẳng thắn|nghiêm túc] nhìn nhận: {n:3-9} chi hội còn sinh hoạt [thất thường|hình thức].",
            "Bà {B} được bầu làm Phó Chủ tịch, phụ trách mảng quỹ khuyến học và thi đua.",
            "Nhân dịp này, {n:4-12} tập thể cùng {n:8-30} cá nhân nhận giấy khen vì đã gắn bó với sự học của quê hương.",
        ),
    ),
    Kind(
        "tong_ket",
        (
            "Hội Khuyến học {HUYEN} tổng kết [hoạt động|phong trào thi đua] năm {NAM}",
            "{HUYEN}: Nhìn lại một năm [làm khuyến học|phong trào khuyến học]",
            "Hội Khuyến học {XA} sơ kết 6 tháng đầu năm {NAM}",
        ),
        (
            "{BUOI}, tại [hội trường UBND {HUYEN}|nhà văn hóa {XA}], cán bộ Hội Khuyến học [đã họp tổng kết|sơ kết] "
            "các mặt hoạt động và [bàn việc|đặt mục tiêu] cho [chặng tiếp theo|năm {NAMSAU}].",
            "Một năm nhiều việc khó nhưng phong trào khuyến học ở {HUYEN} vẫn [giữ được nhịp|đi lên], đó là "
            "nhận định chung "
            "tại buổi tổng kết ngày {NGAY}.",
        ),
        (
            "Qua bình xét, {n:12-40} chi hội xếp loại tốt, {n:5-20} chi hội xếp loại khá, không còn chi hội yếu.",
            "Dẫn đầu bảng điểm thi đua là {xa} với {n:92-99} điểm, kế đến là {xa}.",
            "Hội đã tham gia góp ý [nhiều|{n:3-9}] văn bản của huyện liên quan tới việc học tập suốt đời của nông dân.",
            "Theo ông {A}, điều mừng nhất là [người dân tự tìm đến chi hội|các bản làng xa không còn trẻ bỏ học].",
            "Ban Thường vụ đã đi cơ sở {n:14-60} lượt, [gỡ ngay|ghi nhận] từng vướng mắc của chi hội.",
        ),
        months=(1, 6, 7, 11, 12),
    ),
    Kind(
        "hoc_bong",
        (
            "Trao {n_suat:40-260} suất học bổng khuyến học cho học sinh nghèo {XA}",
            "{HUYEN}: Quỹ khuyến học [tiếp sức|nâng bước] {n_suat:40-260} em đến trường",
            "[Ấm lòng|Niềm vui] những suất quà đầu năm học ở {XA}",
            "Hội Khuyến học {HUYEN} trao học bổng năm học {NAMHOC}",
        ),
        (
            "{BUOI}, Hội Khuyến học {HUYEN} phối hợp với {TRUONG} trao {n_suat:40-260} suất học bổng, tổng trị "
            "giá {tr:35-240}, "
            "cho [học sinh vượt khó|các em có hoàn cảnh đặc biệt].",
            "Trước ngày tựu trường, Hội Khuyến học {XA} đã đem [sách vở|xe đạp|học bổng] đến với "
            "{n_suat:40-260} em nhỏ ở {THON} và "
            "[các vùng lân cận|những nơi còn khó khăn].",
        ),
        (
            "Mỗi suất gồm [một triệu đồng tiền mặt và {n:5-20} cuốn vở|một chiếc xe đạp|cặp sách, áo ấm và {n:3-9}00 nghìn đồng].",
            "Em {B}, học sinh lớp {n:5-12} {TRUONG}, [xúc động|rưng rưng] nói sẽ [cố gắng học giỏi|không nghỉ học giữa chừng].",
            "Danh sách nhận quà do [từng chi hội|giáo viên chủ nhiệm] đề nghị, niêm yết công khai trước {n:5-15} ngày.",
            "Nguồn kinh phí trích từ quỹ khuyến học cộng với phần đóng góp của {DN}.",
            "Cũng trong dịp này, {n:2-9} em mồ côi được nhận đỡ đầu tới hết lớp 12, mỗi tháng {n:3-9}00 nghìn đồng.",
        ),
        months=(1, 5, 7, 8, 9, 10, 12),
    ),
    Kind(
        "quy",
        (
            "{DN} ủng hộ quỹ khuyến học {HUYEN}",
            "{XA} vận động được {tr_quy:120-900} cho quỹ khuyến học",
            "[Nuôi heo đất|Gửi tiết kiệm|Góp gạo], cách làm quỹ khuyến học ở {XA}",
        ),
        (
            "Chỉ trong [hai tuần|một tháng] phát động, quỹ khuyến học {XA} đã nhận {tr_quy:120-900} từ [bà "
            "con|các nhà hảo tâm] "
            "trong và ngoài {HUYEN}.",
            "{BUOI}, {DN} trao {tr:50-500} ủng hộ quỹ khuyến học {HUYEN}, [nâng số dư của quỹ lên|đưa tổng quỹ đạt] {ty:1-6}.",
        ),
        (
            "Mỗi hộ góp [từ 20 nghìn đồng|một lon gạo mỗi tháng|tùy lòng], số tiền được ghi sổ và đọc trên loa ở {THON}.",
            "Ông {A}, người giữ sổ quỹ {n:6-19} năm nay, cho biết chưa năm nào thu vượt mức như năm {NAM}.",
            "Số dư đầu năm là {tr:80-400}; trong năm thu thêm {tr:90-500}, chi {tr:60-300}.",
            "Quy chế chi tiêu được sửa lại: {pct:60-80} dành cho thưởng học sinh, phần còn lại để [giúp đỡ đột xuất|dự phòng].",
            "Những người con xa quê gửi về {tr:20-150}, nhiều người giấu tên.",
        ),
    ),
    Kind(
        "dong_ho",
        (
            "Dòng {HO} ở {XA} [giữ lửa|nối dài truyền thống] hiếu học",
            "Chuyện khuyến học của dòng {HO} {THON}",
            "Dòng họ học tập: [điểm sáng|cách làm hay] từ {XA}",
        ),
        (
            "Về {THON}, {XA} hỏi dòng {HO}, ai cũng [kể|nhắc] chuyện nhà thờ họ sáng đèn mỗi tối cho con cháu ngồi học.",
            "Dòng {HO} ở {XA}, {HUYEN} có {n:60-320} hộ thì {n:50-59} hộ đạt danh hiệu gia đình học tập, là "
            "dòng họ học tập "
            "tiêu biểu nhiều năm liền.",
        ),
        (
            "Ban khuyến học của dòng họ lập năm {y:1996-2012}, nay do ông {A}, {n:61-82} tuổi, làm trưởng ban.",
            "Từ ngày có quỹ khuyến học dòng họ, {n:40-180} con cháu đã tốt nghiệp đại học, {n:3-19} người có bằng thạc sĩ.",
            "Rằm tháng Giêng hằng năm, lễ báo công diễn ra tại từ đường; cháu nào đỗ cao được tự tay thắp hương.",
            "Bà {B} kể: “Nhà nghèo mấy cũng không cho con nghỉ học, ấy là lời các cụ để lại”.",
            "Cách làm của dòng {HO} được {n:4-15} dòng họ khác trong vùng học theo.",
        ),
    ),
    Kind(
        "mo_hinh",
        (
            "{HUYEN} có thêm {n_ho:900-6400} hộ đạt danh hiệu gia đình học tập",
            "{XA} xây dựng mô hình [gia đình học tập|cộng đồng học tập] gắn với khuyến học",
            "Công nhận mô hình học tập năm {NAM} ở {HUYEN}: {pct:71-93} gia đình học tập",
        ),
        (
            "UBND {HUYEN} vừa công bố kết quả đánh giá các mô hình năm {NAM}: {n_ho:900-6400} hộ được công nhận "
            "gia đình học tập, "
            "{n:40-190} dòng họ học tập và {n:100-220} cộng đồng học tập.",
            "Thực hiện {QD}, {XA} [đã|đang] đưa tiêu chí gia đình học tập vào hương ước; Hội Khuyến học là đơn vị chủ trì.",
        ),
        (
            "Bộ tiêu chí có {n:10-15} điểm, hộ nào cũng tự chấm trước, chi hội chấm lại rồi mới đưa ra họp dân.",
            "Riêng {THON} có {n:70-180}/{n:181-210} hộ đạt, [cao nhất|dẫn đầu] toàn xã.",
            "Danh hiệu cộng đồng học tập được xét ở {n:5-14} thôn, kết quả {n:4-5} thôn đạt loại tốt.",
            "Chị {B} cho biết cả nhà chị dành {n:1-2} giờ mỗi tối để đọc sách, tắt ti vi.",
            "Việc chấm điểm trên phần mềm được làm thử tại {xa} và {xa}.",
        ),
    ),
    Kind(
        "tuan_le",
        (
            "Hội Khuyến học {HUYEN} hưởng ứng Tuần lễ học tập suốt đời năm {NAM}",
            "Phát động Tháng khuyến học ở {XA}",
            "{TRUONG} cùng Hội Khuyến học {XA} mở ngày hội đọc sách",
        ),
        (
            "{BUOI}, tại {TRUONG}, UBND {HUYEN} và Hội Khuyến học phát động Tuần lễ học tập suốt đời với "
            "[hơn|gần] {n:3-9}00 người tham gia.",
            "Tháng khuyến học năm nay ở {XA} mở đầu bằng [một phiên chợ sách cũ|buổi diễu hành cổ động|đêm văn nghệ] tối {NGAY}.",
        ),
        (
            "Gian sách của chi hội {THON} đổi được {n:200-900} cuốn chỉ trong một buổi.",
            "Ban tổ chức trao {n:10-40} bộ sách giáo khoa và {n:2-6} máy tính cũ đã sửa cho thư viện trường.",
            "Học sinh lớp {n:6-9} trình bày {n:3-12} sản phẩm tự làm từ vật liệu bỏ đi.",
            "Ông {A} nhắn nhủ mỗi nhà nên có một góc học tập, mỗi người mỗi năm đọc trọn {n:3-12} cuốn sách.",
            "Các lớp tiếng Anh, tin học buổi tối cho người lớn nhận {n:30-120} học viên ngay trong ngày mở màn.",
        ),
        months=(9, 10, 11),
    ),
    Kind(
        "tap_huan",
        (
            "Tập huấn nghiệp vụ cho cán bộ Hội Khuyến học {HUYEN}",
            "{HUYEN}: {n_can:90-260} cán bộ khuyến học học cách dùng phần mềm",
            "Hội Khuyến học tỉnh {TINH} tập huấn bộ tiêu chí [gia đình học tập|xã hội học tập]",
        ),
        (
            "Trong hai ngày {NGAY} và hôm sau, {n_can:90-260} cán bộ Hội Khuyến học của {n:8-21} xã thuộc {HUYEN} "
            "[dự lớp tập huấn|được bồi dưỡng] nghiệp vụ.",
            "{BUOI}, Hội Khuyến học tỉnh {TINH} mở lớp tập huấn về gia đình học tập cho cán bộ {HUYEN}.",
        ),
        (
            "Học viên được hướng dẫn lập hồ sơ, nhập số liệu và [làm báo cáo trên máy tính|chấm điểm theo mẫu mới].",
            "Báo cáo viên {B} dành nửa buổi trả lời {n:15-40} câu hỏi từ cơ sở.",
            "Phần khó nhất, theo nhiều chi hội trưởng, là [thống kê số người lớn đi học|tính tỷ lệ hộ đạt chuẩn].",
            "Cuối lớp, {pct:88-98} học viên làm bài đạt yêu cầu.",
            "Tài liệu phát cho học viên gồm {QD} và {VB}.",
        ),
    ),
    Kind(
        "kiem_tra",
        (
            "Kiểm tra [quỹ khuyến học|hoạt động khuyến học] tại {XA}",
            "Đoàn công tác Hội Khuyến học tỉnh {TINH} làm việc tại {HUYEN}",
            "Giám sát các tiêu chí xã hội học tập ở {HUYEN}",
        ),
        (
            "{BUOI}, đoàn kiểm tra của Hội Khuyến học tỉnh do ông {A} dẫn đầu đã [đến|về] {XA}, {HUYEN}.",
            "Đoàn công tác gồm {n:5-9} người của Hội Khuyến học tỉnh {TINH} vừa kết thúc đợt kiểm tra tại {HUYEN}.",
        ),
        (
            "Đoàn xem sổ sách của {n:4-9} chi hội, đối chiếu phiếu thu chi và [gặp|hỏi chuyện] {n:12-40} hộ dân.",
            "Kết quả cho thấy {n:3-8}/{n:8-9} đơn vị chấp hành đúng quy chế tài chính.",
            "Đoàn đề nghị {XA} lưu hồ sơ đủ {n:3-5} năm và tách riêng sổ quỹ.",
            "Bà {B} giải trình về khoản {tr:5-40} chưa kịp giải ngân do [mưa lũ|dịch bệnh|thay đổi nhân sự].",
            "Biên bản được hai bên ký ngay trong ngày, gửi kèm {VB}.",
        ),
    ),
    Kind(
        "guong",
        (
            "Người [thầy|cựu chiến binh|bác trưởng thôn] mê làm khuyến học ở {XA}",
            "Bà {B} và {y_nam:9-19} năm gắn với Hội Khuyến học {XA}",
            "[Người gieo chữ|Người giữ lửa] ở {THON}",
        ),
        (
            "Gần {n:60-79} tuổi, ông {A} ở {THON}, {XA} vẫn đạp xe tới từng nhà vận động quỹ khuyến học.",
            "Ở {XA}, nói tới Hội Khuyến học là người ta nhắc bà {B}, {n:58-76} tuổi, người [đứng lớp xóa mù|giữ tủ sách] ở {THON}.",
        ),
        (
            "Rời bục giảng năm {y:2005-2016}, [ông|bà] nhận lời làm chi hội trưởng với vỏn vẹn {n:9-19} hội viên.",
            "Nay chi hội có {n:90-210} hội viên, quỹ khuyến học luôn giữ ở mức {tr:20-90}.",
            "Tủ sách đặt tại nhà có {n:600-2400} cuốn, mượn không mất tiền, trả muộn cũng chẳng ai phạt.",
            "Anh {C}, người từng được giúp học phí, nay quay về góp {n:2-9} triệu đồng mỗi năm.",
            "“Còn sức còn làm, thấy các cháu đỗ đạt là vui”, câu trả lời ấy chúng tôi nghe không chỉ một lần.",
        ),
    ),
    Kind(
        "ttht",
        (
            "Trung tâm học tập cộng đồng {XA}: nơi người lớn trở lại lớp",
            "{HUYEN} nâng chất trung tâm học tập cộng đồng, đẩy mạnh khuyến học",
            "Học tập suốt đời: chuyện ở trung tâm học tập cộng đồng {XA}",
        ),
        (
            "Mỗi tối, trung tâm học tập cộng đồng {XA} sáng đèn đón {n:20-60} học viên, nhiều người tóc đã bạc.",
            "Theo Hội Khuyến học {HUYEN}, năm {NAM} các trung tâm học tập cộng đồng mở {n:120-480} lớp chuyên đề.",
        ),
        (
            "Lớp nghề đan lát, lớp tin học, lớp hát dân ca thay nhau lấp kín tuần, tính ra {n:3000-19000} lượt người học.",
            "Giám đốc trung tâm là Phó Chủ tịch xã; hai phó giám đốc là người của Hội Khuyến học và hiệu trưởng {TRUONG}.",
            "Kinh phí hoạt động {n:20-40} triệu đồng mỗi năm, trong đó quỹ khuyến học góp một phần.",
            "Chị {B} học xong lớp may đã nhận hàng về làm, thu nhập [bốn|năm|sáu] triệu đồng mỗi tháng.",
            "Cái khó là phòng học còn mượn, máy tính mới có {n:4-15} bộ.",
        ),
    ),
    Kind(
        "ky_niem",
        (
            "{HUYEN} kỷ niệm Ngày Khuyến học Việt Nam 2/10",
            "Gặp mặt [cán bộ|hội viên] Hội Khuyến học {HUYEN} nhân ngày 2/10",
            "Hội Khuyến học {XA} {n_nam:15-27} năm một chặng đường",
        ),
        (
            "{BUOI}, {HUYEN} [gặp mặt|tọa đàm] nhân Ngày Khuyến học Việt Nam 2/10, ôn lại chặng đường "
            "{n_nam:15-27} năm của Hội Khuyến học huyện.",
            "Hội Khuyến học {XA} vừa tròn {n_nam:15-27} tuổi; buổi lễ kỷ niệm ngày {NGAY} [giản dị|ấm cúng] mà đông vui.",
        ),
        (
            "Từ {n:7-15} chi hội ngày đầu, đến nay toàn huyện có {n:120-340} chi hội với {n:9000-31000} hội viên.",
            "{n:6-25} người được tặng kỷ niệm chương “Vì sự nghiệp khuyến học”.",
            "Ông {A}, Chủ tịch đầu tiên, kể lại những ngày xin từng trang giấy, từng cây bút.",
            "Lãnh đạo {HUYEN} tặng hoa và trích {tr:20-100} bổ sung quỹ khuyến học.",
            "Các đại biểu thắp hương tại nhà bia, dâng bảng thành tích của thế hệ hôm nay.",
        ),
        months=(9, 10),
    ),
)
