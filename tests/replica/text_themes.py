"""Sentences that any khuyến học news may use, by theme, and the lists and tables that go with them."""

from __future__ import annotations

ORGANISATION = (
    "Đến [nay|cuối năm {NAMTRUOC}], toàn {HUYEN} có {n:90-420} chi hội với {n:8000-42000} hội viên, chiếm {pct:16-36} dân số.",
    "Số hội viên mới kết nạp trong kỳ là {n:120-1900} người, [phần đông|đa số] là [đoàn viên trẻ|giáo viên nghỉ hưu].",
    "Ở {xa}, [cứ ba nhà|mười nhà] thì có [hai|bảy] nhà là hội viên Hội Khuyến học.",
    "[Bên cạnh đó|Ngoài ra|Cùng với đó], Hội kiện toàn {n:5-30} ban khuyến học trong cơ quan, [chợ|trường|trạm y tế].",
    "Chi hội {thon} được tách làm hai cho [gần dân|dễ sinh hoạt].",
    "{n:12-27} xã đã có nơi làm việc riêng cho Hội Khuyến học, [còn lại|số khác] dùng chung với {ban}.",
    "Phụ cấp cho người đứng đầu Hội cấp xã [ở mức|là] {n:1-2} lần lương cơ sở, chi hội trưởng thì chưa có.",
    "{xa} lần đầu lập chi hội trong [dòng họ|công ty|chùa], [thu hút|tập hợp] {n:30-140} hội viên.",
)
MODELS = (
    "Tính riêng năm {NAM}, {n:1500-9700} hộ đăng ký gia đình học tập, qua xét có {pct:68-94} đạt.",
    "Toàn huyện hiện có {n:20-190} dòng họ học tập, {n:100-230} cộng đồng học tập và {n:30-99} đơn vị đạt chuẩn.",
    "[Tỷ lệ|Số] gia đình học tập ở {xa} [đạt|lên tới] {pct:70-95}, tăng {pct:2-9} so với năm {NAMTRUOC}.",
    "Danh hiệu công dân học tập được làm điểm tại {xa}, bước đầu có {n:300-1800} người đăng ký.",
    "Nhiều thôn đưa chỉ tiêu gia đình học tập vào bình xét gia đình văn hóa, [nhờ vậy|do đó] bà con [quan tâm|hào hứng] hơn.",
    "Kết quả xếp loại xã hội học tập cấp xã: {n:5-9} xã loại tốt, {n:4-8} xã loại khá, {n:1-3} xã trung bình.",
    "Theo {QD}, việc đánh giá được làm mỗi năm một lần, [công khai|trước dân].",
    "Danh hiệu dòng họ học tập được [trao|công bố] tại từ đường, [có mời|trước sự có mặt của] bà con các họ khác.",
)
FUND = (
    "Quỹ khuyến học các cấp hiện có {ty:1-19}, bình quân {n:15-78} nghìn đồng mỗi người dân.",
    "Trong đó quỹ của dòng họ giữ {tr:200-900}, quỹ của nhà trường {tr:120-700}, [còn lại|phần khác] là quỹ thôn, [bản|xóm].",
    "Năm {NAM}, toàn {HUYEN} huy động {ty:1-9} cho quỹ khuyến học, vượt kế hoạch {pct:4-27}.",
    "Từ nguồn quỹ khuyến học, {n:900-6800} lượt học sinh và giáo viên được thưởng với số tiền {tr:180-950}.",
    "{DN} góp {tr:20-200}; nhóm đồng hương ở Thành phố Hồ Chí Minh gửi về {tr:15-160}.",
    "Mọi khoản thu chi đều được [dán|công khai] tại nhà văn hóa {thon} vào ngày {n:1-28} hằng tháng.",
    "[Chưa dừng ở đó|Đáng nói hơn], phong trào nuôi heo đất khuyến học ở {truong} gom được {tr:8-60}.",
    "Nơi khó khăn nhất là {xa} cũng dành dụm được {tr:30-110} trong quỹ khuyến học.",
)
AWARDS = (
    "Có {n:40-460} em đỗ đại học, {n:6-40} em đạt giải học sinh giỏi cấp tỉnh, {n:1-4} em đạt giải quốc gia.",
    "{n:20-190} em mồ côi hoặc khuyết tật được tặng [áo ấm|xe lăn|thẻ bảo hiểm y tế|góc học tập].",
    "Hội phối hợp với {ban} trao {n:60-800} suất học bổng trị giá {tr:50-700}.",
    "Em {nguoi} ở {thon} mồ côi cha, năm nào cũng đứng đầu lớp, được nhận {n:2-9} triệu đồng.",
    "Không còn học sinh phải nghỉ học vì [nghèo|thiếu áo quần, sách vở|nhà xa trường].",
    "Giáo viên cắm bản cũng được quỹ thăm hỏi, mỗi suất {n:5-9}00 nghìn đồng.",
    "Tại {truong}, {pct:91-99} học sinh lên lớp, số em bỏ học giảm còn {n:1-9}.",
)
SPREAD = (
    "Tin, bài về phong trào khuyến học được phát {n:2-6} lần mỗi tuần trên loa {xa}.",
    "[Nội dung sinh hoạt|Buổi họp chi hội] lồng ghép chuyện đọc sách, chuyện dạy con, ít đọc báo cáo.",
    "Trang mạng xã hội của Hội Khuyến học {HUYEN} có {n:1200-9800} người theo dõi.",
    "{VB} được gửi tới từng chi hội, kèm bản tóm tắt một trang cho dễ nhớ.",
    "Cuộc thi viết về tấm gương tự học nhận {n:60-480} bài, người cao tuổi nhất {n:78-91} tuổi.",
    "Tấm pa nô in số điện thoại của chi hội trưởng dựng ngay đầu {thon}.",
)
SPEECH = (
    "[Nói tại buổi gặp|Trao đổi với phóng viên], ông {A} cho rằng muốn phong trào bền thì [chi hội phải mạnh|quỹ phải minh bạch].",
    "Đại diện UBND {HUYEN}, bà {B} [ghi nhận|biểu dương] sự kiên trì của những người làm khuyến học.",
    "Ông {C} [lưu ý|nhắc] các xã không chạy theo thành tích khi xét gia đình học tập.",
    "“Chúng tôi đi từng nhà, có nhà đi đến lần thứ ba mới nhận lời”, bà {B} [kể|chia sẻ].",
    "Nhiều ý kiến đề nghị tỉnh hỗ trợ [máy tính|kinh phí in sổ|đường truyền] cho chi hội ở xa.",
    "Thay mặt hội viên, ông {nguoi} hứa giữ vững phong trào, năm sau cao hơn năm trước.",
)
TROUBLE = (
    "Khó khăn lớn nhất vẫn là [địa bàn chia cắt|thiếu người trẻ|kinh phí eo hẹp], [có nơi|nhất là ở {xa}].",
    "Một số chi hội [chưa|ít khi] sinh hoạt đều, sổ sách ghi thiếu, báo cáo gửi chậm.",
    "Đợt mưa lũ vừa rồi cuốn trôi sách vở của {n:40-320} em ở {xa}, Hội phải mở đợt quyên góp riêng.",
    "Sau dịch bệnh, thu nhập giảm nên mức đóng góp quỹ khuyến học ở vài thôn thấp hơn trước.",
    "Có thôn đăng ký nhiều mà đạt ít, {n:20-90} hộ phải để lại năm sau.",
)
PLAN = (
    "Năm {NAMSAU}, Hội phấn đấu có thêm {n:200-1900} hội viên, đưa tỷ lệ gia đình học tập lên {pct:75-96}.",
    "Mục tiêu đến năm {y:2026-2030} là {pct:80-95} dòng họ trong huyện có ban khuyến học.",
    "[Trước mắt|Thời gian tới], Hội sẽ rà soát học sinh có nguy cơ bỏ học ở {xa} và {xa}.",
    "Mỗi chi hội nhận đỡ đầu ít nhất {n:1-4} học sinh đến hết cấp.",
    "Việc số hóa sổ hội viên dự kiến xong trước ngày {n:1-28}/{n:1-12}/{NAMSAU}.",
    "Hội Khuyến học {HUYEN} sẽ ký giao ước với {ban} về chăm lo sự học cho con em vùng khó.",
)
CLOSING = (
    "[Chặng đường phía trước còn dài|Việc còn nhiều|Khó khăn chưa hết], song những gì đã làm được ở {XA} [đủ để "
    "tin|cho thấy "
    "lòng dân hướng] vào phong trào khuyến học.",
    "Khi [mỗi nhà|mỗi mái ấm] là một gia đình học tập, [mỗi bản|mỗi thôn xóm] là một cộng đồng học tập thì "
    "[cái đích|ước mong về một] xã hội học tập ở {XA} [không còn xa|đã gần hơn một bước].",
    "[Rời|Chia tay] {THON} khi [chiều muộn|trời sẩm tối], chúng tôi còn nghe tiếng trẻ đọc bài [vọng ra từ mái hiên|bên bếp lửa].",
    "Mùa khai giảng [năm sau|tới], [chắc chắn|hẳn] {XA} sẽ có thêm [nhiều|{n:12-60}] tân sinh viên.",
    "Tiếng trống trường lại vang bên [sông|đồi|núi], bao niềm tin gửi vào lớp măng non.",
    "Buổi lễ khép lại bằng [bài hát cũ|cái bắt tay thật chặt], hẹn gặp vào mùa khuyến học sang năm.",
)
THEMES: dict[str, tuple[str, ...]] = {
    "organisation": ORGANISATION,
    "models": MODELS,
    "fund": FUND,
    "awards": AWARDS,
    "spread": SPREAD,
    "speech": SPEECH,
    "trouble": TROUBLE,
    "plan": PLAN,
}
LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "[Kết quả cụ thể như sau|Những con số đáng chú ý]:",
        (
            "Hội viên: {n:2000-9800} người, tăng {n:100-900} người;",
            "Chi hội: {n:60-320};",
            "Gia đình học tập: {n:1800-9700} hộ, đạt {pct:66-94};",
            "Dòng họ học tập: {n:14-160};",
            "Quỹ khuyến học: {ty:1-9};",
            "Học bổng đã trao: {n:90-900} suất.",
        ),
    ),
    (
        "[Đại hội|Hội nghị|Cuộc họp] [thống nhất|chốt lại] các việc phải làm:",
        (
            "Kiện toàn {n:3-19} chi hội yếu trước tháng {n:3-11};",
            "Công khai quỹ khuyến học mỗi quý một lần;",
            "Giúp {n:40-300} học sinh nghèo có đủ sách giáo khoa;",
            "Mở {n:4-20} lớp tối cho người lớn;",
            "Xét gia đình học tập đúng tiêu chí, không nể nang.",
        ),
    ),
)
TABLES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Số liệu theo địa bàn:",
        ("Địa bàn", "Chi hội", "Hội viên", "Quỹ (triệu đồng)"),
        ("{xa}", "{n:8-31}", "{n:400-2900}", "{n:40-380}"),
    ),
    (
        "Kết quả xét mô hình học tập:",
        ("Xã", "Hộ đăng ký", "Hộ đạt", "Tỷ lệ"),
        ("{xa}", "{n:700-1400}", "{n:400-690}", "{pct:58-96}"),
    ),
)
CAPTIONS = (
    "Quang cảnh buổi lễ",
    "Trao quà cho các em học sinh",
    "Đại biểu chụp ảnh lưu niệm",
    "Các em nhận học bổng (Ảnh: {nguoi})",
    "Ông {A} trò chuyện với hội viên",
    "Tủ sách ở {THON}",
    "Tiết mục văn nghệ của {TRUONG}",
    "Bà con {THON} góp quỹ",
)
