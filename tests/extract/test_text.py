"""Cleaning keeps what people read; folding keeps every offset."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract.text import clean, fold, legacy_suspect, same_tone, squash

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
LETTERS = sorted(
    {unicodedata.normalize("NFC", case(vowel) + tone) for vowel in VOWELS for tone in TONES for case in (str.lower, str.upper)}
    | set("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX")
)
VIETNAMESE = st.text(st.sampled_from([*LETTERS, " ", "\n", ".", ",", "–", "“", "”", "1", "/"]))
MESSY = st.text(
    st.sampled_from([*LETTERS, *TONES[1:], *" \t\n\r\v\f\u00a0\u2003\u200b\ufeff\u00ad\u2028\x00\x85\x9fðÐ\ud800\udc00"])
    | st.characters(exclude_categories=())
)


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("Khuye\u0302\u0301n ho\u0323c", "Khuyến học"),
        ("khuyến\u00a0học\u2009\u202f\u3000xã", "khuyến học xã"),
        ("kh\u200bu\u200cy\u200dế\u2060n\ufeff h\u00adọc", "khuyến học"),
        ("e\u00ad\u0302\u200b\u0301", "ế"),
        ("a\x00b\x1b[0m\x7fc\x85d\x9fe", "ab[0mcde"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("dòng một\vdòng hai\fdòng ba\u2028dòng bốn", "dòng một\ndòng hai\ndòng ba\ndòng bốn"),
        ("ðông Ðức", "đông Đức"),
        ("a\ud800b\udfffc", "abc"),
        ("  a \t  b  ", "a b"),
        ("a  \n \t \n\u00a0\n\n  b\n", "a\n\nb"),
        ("\n\n a\nb \n", "a\nb"),
        ("“Khuyến học” – 'quỹ' … \"hội\" —", "“Khuyến học” – 'quỹ' … \"hội\" —"),
        ("hoà thuỷ hòa thủy", "hoà thuỷ hòa thủy"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_clean(printed: str, stored: str) -> None:
    assert clean(printed) == stored


@settings(deadline=None)
@given(MESSY)
def test_clean_is_idempotent_and_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned.encode().decode() == cleaned
    assert "\n\n\n" not in cleaned
    assert "  " not in cleaned


@settings(deadline=None)
@given(VIETNAMESE)
def test_clean_loses_no_letter(text: str) -> None:
    assert "".join(clean(unicodedata.normalize("NFD", text)).split()) == "".join(text.split())


def test_squash() -> None:
    assert squash(" Hội \r\n\r\n Khuyến\u00a0học\t") == "Hội Khuyến học"


@settings(deadline=None)
@given(MESSY)
def test_squash_is_idempotent_and_one_line(text: str) -> None:
    line = squash(text)
    assert squash(line) == line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hội Khuyến học Đắk Lắk", "hoi khuyen hoc dak lak"),
        ("ƯỚC MƠ – “quỹ” ðÐ", "uoc mo – “quy” dd"),
        ("İ ẞ ŉ 각 ﬁ Å", "i ß ŉ 각 ﬁ a"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(VIETNAMESE)
def test_fold_of_vietnamese_is_ascii_letters_at_the_same_places(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    for char, plain in zip(text, folded, strict=True):
        assert plain == char if not char.isalpha() else plain in "abcdefghijklmnopqrstuvwxyz"
    assert fold(folded) == folded


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_offsets_carry_over_for_any_text(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert len(same_tone(clean(text))) == len(clean(text))


@pytest.mark.parametrize(
    ("printed", "same"),
    [
        ("hoà", "hòa"),
        ("Thuỷ", "thủy"),
        ("KHOẺ", "khỏe"),
        ("Hoà bình, thuý.", "hòa bình, thúy."),
        ("quý Quỳ quỹ quỵ", "quý quỳ quỹ quỵ"),
        ("hoàn toàn huỳnh khoẻn", "hoàn toàn huỳnh khoẻn"),
        ("hoà2", "hòa2"),
        ("hòa thủy", "hòa thủy"),
        ("hoa\u0300", "hòa"),
        ("Đăk", "đăk"),
    ],
)
def test_same_tone(printed: str, same: str) -> None:
    assert same_tone(printed) == same


@settings(deadline=None)
@given(VIETNAMESE)
def test_same_tone_only_moves_marks(text: str) -> None:
    same = same_tone(text)
    assert fold(same) == fold(text)
    assert same_tone(same) == same


SAMPLE = "Hội Khuyến học huyện Thạch An tổ chức trao học bổng cho học sinh nghèo vượt khó, động viên các em đến trường"


@pytest.mark.parametrize(
    ("text", "suspect"),
    [
        (SAMPLE, False),
        (SAMPLE.upper(), False),
        (unicodedata.normalize("NFD", SAMPLE), False),
        (SAMPLE.encode().decode("latin-1"), True),
        ("Héi KhuyÕn häc huyÖn Th¹ch An tæ chøc trao häc bæng cho häc sinh nghÌo v­ît khã, ®éng viªn c¸c em", True),
        ("Hoäi Khuyeán hoïc huyeän Thaïch An toå chöùc trao hoïc boång cho hoïc sinh ngheøo vöôït khoù", True),
        ("Héi KhuyÕn häc", False),
        ("Hoi khuyen hoc huyen Thach An", False),
        ("", False),
    ],
)
def test_legacy_suspect(text: str, suspect: bool) -> None:
    assert legacy_suspect(text) is suspect
