"""Words of aims and plans, and those that say of something that it was done already."""

from __future__ import annotations

import re

TARGET = re.compile(
    r"phấn đấu|chỉ tiêu|mục tiêu|đề ra|đặt ra|dự kiến|kế hoạch năm|sẽ |nhắm tới|hướng tới|phương hướng|"
    r"giao cho|yêu cầu|theo kế hoạch(?: đề ra)?,|nhiệm vụ(?: trọng tâm)?(?: năm)?|cần đạt|thời gian tới"
)
NOT_TARGET = re.compile(
    r"(?:vượt|đạt|so với|hoàn thành|thực hiện|bằng)(?: \S+){0,3} (?:chỉ tiêu|mục tiêu|kế hoạch)|kế hoạch phối hợp|"
    r"chương trình mục tiêu|phấn đấu (?:danh hiệu|vươn lên|rèn luyện|học tập)|"
    r"(?:nhận|được giao) nhiệm vụ|ghi tên phấn đấu|mục tiêu quốc gia|xây dựng kế hoạch|không đề ra"
)
# “Với mục tiêu …,” and “bám sát nhiệm vụ năm 2022,” say what for: of what comes after the comma they tell nothing.
WHAT_FOR = re.compile(
    r"(?<!\w)(?:với|vì|bám sát|xác định|thực hiện|triển khai|trên cơ sở) (?:(?!phấn đấu)[^,;:\d]){0,80}?"
    r"(?:mục tiêu|nhiệm vụ|chỉ tiêu|phương hướng)(?:(?!phấn đấu)[^,;:\d]|năm \d{4}){0,120},"
)
PLAN_HEADING = re.compile(r"phương hướng|nhiệm vụ|chỉ tiêu|mục tiêu|kế hoạch (?:năm|hoạt động)")
DONE = re.compile(
    r"đã (?:có|đạt|vận động|xây dựng|trao|tặng|cấp|phát|mở|tổ chức|kết nạp|phát triển|thành lập|công nhận|huy động|quyên góp|tiếp nhận|"
    r"hỗ trợ|giúp|khen|tuyên dương|biểu dương|tập huấn|hoàn thành)|kết quả|"
    r"đặc điểm tình hình|thực trạng|(?<!thực )(?<!thể )hiện (?:có|nay)|đến nay"
)


def find_aims(text: str) -> list[int]:
    """Where a text speaks of an aim that is not only what something else is done for."""
    background = [one.span() for one in WHAT_FOR.finditer(text)]
    return [
        one.start()
        for one in TARGET.finditer(text)
        if not NOT_TARGET.search(text[max(0, one.start() - 24) : one.end() + 12])
        and not any(start <= one.start() < end for start, end in background)
    ]
