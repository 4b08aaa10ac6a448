"""The quick look before each pattern of a period may let a text through in vain, and never keeps one back that the pattern finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.analyse.period_forms import FORMS, NEEDED

# What stands around and is only looked at; hypothesis makes no text for it.
_LOOK = re.compile(r"\(\?<?[!=][^()]*\)")


@pytest.mark.parametrize(("name", "pattern"), FORMS, ids=[name for name, _ in FORMS])
@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_a_pattern_finds_has_what_is_needed(name: str, pattern: re.Pattern[str], data: st.DataObject) -> None:
    text = data.draw(st.from_regex(_LOOK.sub("", pattern.pattern), fullmatch=True))
    needed = NEEDED[name]
    assert any(word in text for word in needed) if isinstance(needed, tuple) else needed.search(text)
