"""Who wrote it: the closing line of the article, told apart from the last sentence and from the CMS account.

Seen on real portals: a right-aligned, often bold, short last paragraph (“Trần Nhung - Tuấn Anh”, “Hồng Hà”, ≤ 40
characters in a third of the articles), the same without alignment, a line padded with no-break spaces, and credit lines
(“Tin, ảnh: …”, “Theo …”). The CMS account (“admin admin”) has its own class and is dropped by the layout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scraper.extract.block import Block
from scraper.extract.text import fold, same_tone, squash
from scraper.places import is_place
from scraper.surnames import SURNAMES

BYLINE_MAX = 80
"""Characters; the longest byline seen (three names and their offices) has 64."""
NAME_MAX = 40
"""Characters of a byline of names that nothing else tells is one."""

# Labels before a name: Tin, ảnh: (text and photos), Tác giả: (author), Người viết, Thực hiện.
_AND = r"\s*(?:,|va|-|&|–)?\s*"
_LABEL = re.compile(
    rf"^(?:tin{_AND}(?:bai{_AND})?anh|tin\s*,?\s*bai|bai{_AND}anh|bai viet|tac gia(?: bai viet)?|nguoi viet"
    r"|thuc hien|tin|bai|bien tap)\s*:\s*"
)
_LABEL_INSIDE = re.compile(r"\s*[;,.–-]\s*(?:tin|bài|ảnh|video|clip)\s*:\s*", re.I)
"""“Tin: Hồng Hà; ảnh: Mai Lan”."""
# Labels before where the text came from: Theo …, Nguồn: …, (Theo …).
_SOURCE = re.compile(r"^\(?\s*(?:(?:[Tt]heo|THEO)\s+(?=[A-ZĐ]|[\w.-]+\.(?:vn|com|net|org)\b)|(?:[Nn]guồn|NGUỒN)(?:\s*tin)?\s*:\s*)[^,]*$")
_SOURCE_LABEL = re.compile(r"^[Nn]guồn(?:\s*tin)?\s*:\s*")
_SOURCE_PREFIX = re.compile(r"^\(((?:Web|Cổng|Theo)\s[^()]{2,40}|[A-Z]{2,6}|[A-Z][a-z]+\.vn)\)\s*[-–:]?\s*")
# “HNP - Sáng 19/7 …”, “QTO - …”: Hà Nội's portal, and papers on the web, whose codes end in O (online).
_SOURCE_CODE = re.compile(r"^(HNP|[A-Z]{2}O)\s*[-–]\s+(?=\w)")
_ENDS = re.compile(r"(?<![A-ZĐ])[.]$|[!?:;…]$")
_JOINT = re.compile(r"\s*(?:[-–—,;&/]| và )\s*")
_PHOTO_NOTE = re.compile(r"\s*\((?:ảnh|tổng hợp|sưu tầm|biên soạn|t/h|st)[^()]*\)\s*$", re.I)
# Closing formulas and organisations that are short and capitalised but sign nothing; and what heads pictures, films, files and other
# news: một số hình ảnh (some pictures), xem tiếp (read on), tải về (download), chi tiết tại đây (details here), lịch công tác (schedule).
_NO_NAME = re.compile(
    r"^(?:trong|noi nhan|het|chu tich|pho chu tich|giam doc|hieu truong|kinh|tran trong|luu|nguon|anh|tm|kt|tl|xin|cam on|da ky"
    r"|mot so|hinh anh|album|video|clip|audio|xem|doc (?:tiep|them)|tai (?:ve|xuong)|chi tiet|dinh kem|file|link|lien he|trang chu|chia se"
    r"|binh luan|danh sach|tu khoa|lich (?:cong tac|lam viec)|le (?:trao|tong ket|khai (?:giang|mac))|gia dinh|hoc tap|khuyen hoc)\b"
)
# Words that given names and pen names are made of, as same_tone() writes them.
_GIVEN = re.compile(
    "an|anh|ánh|ân|bách|bảo|bằng|bích|bình|cẩm|chân|châu|chi|chiến|chinh|chính|chung|chương|công|cúc|cương|cường|dân|diễm|diễn|"
    "diệp|diệu|doanh|du|dung|dũng|duy|duyên|dương|đan|đăng|đạt|điền|điệp|định|đoan|đông|đức|gia|giang|giao|hà|hạ|hải|hàn|hạnh|hào|"
    "hảo|hằng|hân|hậu|hiên|hiền|hiển|hiếu|hiệp|hoa|hòa|hoài|hoan|hoàn|hoàng|hoành|hồng|huân|huấn|huế|huệ|hùng|huy|huyên|huyền|"
    "huỳnh|hưng|hương|hường|hướng|hữu|kha|khải|khang|khanh|khánh|khiêm|khoa|khôi|khuê|khương|kiên|kiệt|kiều|kim|kỳ|lam|lan|lâm|lân|"
    "lê|lệ|liêm|liên|liễu|linh|loan|long|lộc|lợi|luân|luận|lực|lương|lưu|ly|lý|mai|mạnh|mậu|mây|mi|miên|minh|my|mỹ|na|nam|nga|ngà|"
    "ngân|nghi|nghĩa|nghiêm|ngọc|nguyên|nguyễn|nguyệt|nhã|nhàn|nhân|nhất|nhật|nhi|nhiên|nhung|như|nhựt|ninh|nương|oanh|phan|phát|"
    "phi|phong|phú|phúc|phụng|phước|phương|phượng|quang|quân|quế|quốc|quý|quyên|quyền|quyết|quỳnh|sang|sáng|sâm|sen|sinh|song|sơn|"
    "sương|sỹ|tài|tâm|tân|tấn|thạch|thái|thanh|thành|thao|thảo|thắm|thăng|thắng|thế|thêm|thi|thiên|thiện|thiệp|thiệu|thìn|thịnh|"
    "thọ|thoa|thoan|thoại|thông|thơ|thơm|thu|thuận|thục|thủy|thùy|thúy|thư|thương|thy|tiên|tiến|tiệp|tín|tình|toàn|toản|tố|trà|"
    "trang|trâm|trân|trí|triều|triết|trinh|trọng|trung|trúc|trực|trường|tú|tuân|tuấn|tuệ|tùng|tuyên|tuyền|tuyến|tuyết|tư|tường|"
    "uyên|vân|văn|vi|viên|việt|vinh|vĩnh|vũ|vui|vượng|vy|vỹ|xuân|xuyến|ý|yên|yến"
)
_SURNAMES = frozenset(same_tone(name) for name in SURNAMES)
# What bodies that sign begin with: phòng, hội, ban, trường, sở … (departments, associations, schools), PV and CTV (reporters).
_BODY = re.compile(
    r"^(?:phong|(?:chi |trung uong )?hoi|ban|ubnd|ubmt|mttq|mat tran|trung tam|truong|so|dai|bao|tap chi|van phong|cong thong tin|"
    r"cong ttdt|bbt|to bien tap|(?:tinh|huyen|thanh|xa) ?(?:doan|uy)|doan|lien doan|thanh tra|cong an|quy|nhom|pv|ctv|phong vien|"
    r"cong tac vien|p\.|tt|bch|hkh|nguoi dua tin|khoa|chi bo|dang uy|xa|phuong|thi tran|huyen|thon)\b"
)


@dataclass(frozen=True, slots=True)
class Credits:
    """The blocks without their closing credit lines, and what those lines said, with where each was read."""

    blocks: tuple[Block, ...]
    byline: str | None = None
    byline_evidence: str | None = None
    source_line: str | None = None


def split_credits(blocks: tuple[Block, ...]) -> Credits:
    """Take byline and source line off the end of an article. A line in doubt stays in the text: NULL beats a guess."""
    rest = list(blocks)
    byline = evidence = source_line = None
    for _ in range(3):
        if len(rest) < 2:
            break
        text = squash(rest[-1].text)
        if rest[-1].kind != "paragraph":
            break
        if source_line is None and len(text) <= BYLINE_MAX and _SOURCE.match(text) and not _ENDS.search(text):
            source_line = text.strip("() ")
            rest.pop()
            continue
        found = None if byline else _as_byline(rest[-1], text)
        if not found:
            break
        byline, evidence = found
        rest.pop()
    if byline is None:
        annexed = _before_annex(rest)
        if annexed is not None:
            byline, evidence = squash(rest.pop(annexed).text), "right-aligned name before an annexed table"
    if byline is None and rest and rest[-1].kind == "paragraph":
        inline = _inline_byline(rest[-1])
        if inline:
            rest[-1], byline, evidence = inline
    if source_line is None and rest:
        source_line = source_prefix(rest[0].text)
    return Credits(tuple(rest), byline, evidence, source_line)


def read_credit(text: str) -> Credits:
    """A line that a template labels: “Tác giả: Trần Nhung” is a byline, “Nguồn tin: Báo Cao Bằng” a source; else nothing."""
    label = _LABEL.match(fold(text))
    if label:
        return Credits((), byline=text[label.end() :].strip(" .") or None)
    match = _SOURCE_LABEL.match(text)
    return Credits((), source_line=(text[match.end() :].strip(" .") or None) if match else None)


def source_prefix(text: str) -> str | None:
    """The source named before the first word: “(Web Quảng Trị) Ngày …” → “Web Quảng Trị”, “HNP - Sáng …”. The text keeps it."""
    match = _SOURCE_PREFIX.match(text) or _SOURCE_CODE.match(text)
    return match[1] if match else None


def _before_annex(blocks: list[Block]) -> int | None:
    """Where the name stands when a table follows it to the end: a programme or list of names annexed to the news."""
    last = len(blocks) - 1
    while last > 0 and blocks[last].kind == "row":
        last -= 1
    block = blocks[last] if 0 < last < len(blocks) - 1 else None
    if block is None or block.kind != "paragraph" or not (block.align == "right" or block.padded):
        return None
    text = squash(block.text)
    return last if len(text) <= NAME_MAX and is_signature(text) else None


def _as_byline(block: Block, text: str) -> tuple[str, str] | None:
    if not text or len(text) > BYLINE_MAX:
        return None
    label = _LABEL.match(fold(text))
    if label:
        name = text[label.end() :].strip(" .")
        return (name, "labelled last line") if _all_names(_LABEL_INSIDE.sub(", ", name)) else None
    if _ENDS.search(text) or re.search(r"\d{2}", text) or _NO_NAME.match(fold(text)):
        return None
    right = block.align == "right" or block.padded
    if right and text.count(" ") <= 12 and _signs(text):
        return text, "right-aligned last line"
    if len(text) <= NAME_MAX and is_signature(text) and (right or block.emphasised or _is_personal(text)):
        return text, "name as the last line" + (", bold or italic" if block.emphasised else "")
    return None


def _signs(text: str) -> bool:
    """Whether a line set apart names who wrote: people or bodies, the first of them not with the small words of a slogan."""
    parts = [part for part in _JOINT.split(re.sub(r"\s*\([^()]*\)", "", text)) if part]
    first = parts[0] if parts else ""
    if _BODY.match(fold(first)):
        return True
    return not is_place(first) and all(word[0].isupper() for word in first.split())


def is_signature(text: str) -> bool:
    """Whether a line is nothing but the names of people: “Hồng Hà”, “Trần Nhung - Tuấn Anh”."""
    return len(text) <= BYLINE_MAX and _all_names(text) and not is_place(text)


def _is_personal(text: str) -> bool:
    """Whether one of the names begins with a surname, or is made of what given names are; other capitalised words may be a heading."""
    for part in _JOINT.split(_PHOTO_NOTE.sub("", text)):
        words = [word.rstrip(".") for word in same_tone(part).split(" ")]
        if words[0] in _SURNAMES or all(len(word) == 1 or _GIVEN.fullmatch(word) for word in words):
            return True
    return False


def _all_names(text: str) -> bool:
    names = [part for part in _JOINT.split(_PHOTO_NOTE.sub("", text)) if part]
    return bool(names) and len(names) <= 4 and all(_is_name(part) for part in names)


def _is_name(text: str) -> bool:
    """Two to five words, each with a capital first letter (or in capitals): Vietnamese names and pen names."""
    words = [word.rstrip(".") for word in text.split(" ")]
    return 2 <= len(words) <= 5 and all(word.isalpha() and (word.istitle() or word.isupper()) for word in words)


def _inline_byline(block: Block) -> tuple[Block, str, str] | None:
    """A name on the last line of the last paragraph, after a line break (bodies without <p>)."""
    head, newline, last = block.text.rpartition("\n")
    if not newline or not re.search(r"[.!?…\"”)]\s*$", head):
        return None
    found = _as_byline(Block("paragraph", last, block.align if block.align == "right" else None), squash(last))
    if not found:
        return None
    shortened = replace(block, text=head.rstrip())
    return shortened, found[0], found[1]
