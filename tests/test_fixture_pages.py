"""What the fixtures of dressed portals expect is the news they were made of, not what the reader happened to say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper.extract.text import squash
from tests.fixture_pages import PORTALS, address_of, news_of, template
from tests.templates.model import DAY_ONLY

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("name", PORTALS)
def test_expectation_is_the_truth(name: str) -> None:
    (path,) = (FIXTURES / name).glob("*.json")
    told = {article["url"]: article for article in json.loads(path.read_text(encoding="utf-8"))["articles"]}
    chosen = template(PORTALS[name].template)
    on_topic = [(number, news) for number, news in enumerate(news_of(name)) if address_of(name, news) in told]
    assert len(on_topic) == len(told) == 2
    for number, news in on_topic:
        article = told[address_of(name, news)]
        assert article["title"] == squash(news.title.upper() if chosen.name == "cao_bang" else news.title)
        lead = [news.lead] if chosen.name != "asset_7" else []
        text = [article["lead"] or "", *article["body"]]
        assert [line for line in map(squash, text) if line] == [squash(line) for line in [*lead, *news.paragraphs]]
        form = chosen.dates[number % len(chosen.dates)]
        when = news.when.date().isoformat() if form in DAY_ONLY else news.when.isoformat(timespec="seconds")
        assert article["published_at"] == when
        assert article["byline"] == squash(news.byline)
        assert [each["caption"] for each in article["attachments"] if each["caption"]] == news.captions
