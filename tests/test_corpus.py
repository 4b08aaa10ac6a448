"""1,575 captures of one real Liferay portal: 424 articles, with titles and dates as printed and no furniture in any body."""

from __future__ import annotations

import csv
import hashlib
import re
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from scraper.extract.text import squash
from tests import warm

FURNITURE = re.compile(
    r"View count|Lượt xem|Các tin khác|Other News|In bài viết|Gửi mail|Publish date|^Trang chủ|admin admin|Pho Ban bien tap", re.MULTILINE
)


def replay(corpus: Path, archive: Path, *options: str) -> str:
    warc = corpus / "ha_noi_so_tttt.warc.gz"
    done = warm.scrapy("replay", "ha_noi_so_tttt", str(warc), "--db", str(archive), *options)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def truth(corpus: Path) -> dict[str, dict[str, str]]:
    with (corpus / "ha_noi_so_tttt.truth.tsv").open(encoding="utf-8") as stream:
        return {row["id"]: row for row in csv.DictReader(stream, delimiter="\t")}


def table(archive: Path, sql: str) -> list[sqlite3.Row]:
    connection = sqlite3.connect(archive)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def printed(text: str) -> str:
    """The truth's date as ISO: a day where it prints midnight, else to the minute."""
    found = re.search(r"\d\d/\d\d/\d{4} \| \d{1,2}:\d\d [AP]M", text)
    assert found, text
    moment = datetime.strptime(found[0], "%d/%m/%Y | %I:%M %p")
    return moment.date().isoformat() if found[0].endswith("| 12:00 AM") else f"{moment.isoformat()}+07:00"


@pytest.fixture(scope="module")
def kept(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("kept") / "archive.db"
    replay(corpus, archive, "--keep-all")
    return archive


def test_titles_and_dates(corpus: Path, kept: Path) -> None:
    stored = {row["article_key"]: row for row in table(kept, "SELECT * FROM articles")}
    wanted = truth(corpus)
    assert len(wanted) == 424
    assert stored.keys() == wanted.keys()
    for key, article in wanted.items():
        assert stored[key]["title"] == squash(article["title"])
        assert stored[key]["published_at"] == printed(article["date_printed"]), key
        assert stored[key]["published_precision"] == ("minute" if "T" in stored[key]["published_at"] else "day")


def test_no_counter_menu_or_related_headline_in_any_body(corpus: Path, kept: Path) -> None:
    headlines = {squash(article["title"]) for article in truth(corpus).values()}
    for row in table(kept, "SELECT article_key, title, lead, body, byline FROM articles"):
        text = f"{row['lead'] or ''}\n{row['body']}"
        assert len(text) > 30, row["article_key"]
        assert not FURNITURE.search(text), (row["article_key"], FURNITURE.search(text))
        lines = {squash(line) for line in text.split("\n")} - {row["title"]}
        assert not lines & headlines, row["article_key"]
        assert not FURNITURE.search(row["byline"] or "")


def test_bylines_and_leads_of_sixty_articles(kept: Path) -> None:
    """Labelled by hand from the pages (every seventh article); digests, since nothing of the pages is kept here."""
    stored = {row["article_key"]: row for row in table(kept, "SELECT article_key, byline, lead FROM articles")}
    with (Path(__file__).parent / "corpus_labels.tsv").open(encoding="utf-8") as stream:
        labels = list(csv.DictReader(stream, delimiter="\t"))
    assert len(labels) == 60
    assert sum(label["byline"] != "-" for label in labels) == 22
    for label in labels:
        article = stored[label["id"]]
        assert {name: digest(article[name]) for name in ("byline", "lead")} == {name: label[name] for name in ("byline", "lead")}, label[
            "id"
        ]


def digest(text: str | None) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else "-"


def test_no_reference_without_its_ampersand_is_left(kept: Path) -> None:
    left = re.compile(r"(?:quo|ndash|hellip|grave|acute|circ|tilde|TTamp);")
    assert not [
        row["article_key"] for row in table(kept, "SELECT * FROM articles") if left.search(f"{row['title']} {row['lead']} {row['body']}")
    ]


def test_twins_are_one_article_with_one_content(kept: Path) -> None:
    assert table(kept, "SELECT count(*) n FROM captures WHERE outcome IN ('new', 'unchanged')")[0]["n"] == 1494
    assert table(kept, "SELECT count(*) n FROM captures WHERE outcome = 'listing'")[0]["n"] == 81
    assert table(kept, "SELECT count(*) n FROM revisions")[0]["n"] == 424
    assert not table(kept, "SELECT url FROM articles WHERE url LIKE '%pop_up%'")


def test_relevance_decisions_can_be_read(corpus: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    replay(corpus, archive)
    assert [row["article_key"] for row in table(archive, "SELECT article_key FROM articles")] == ["703200"]
    decided = {row["article_key"]: row for row in table(archive, "SELECT * FROM off_topic")}
    assert len(decided) == 423
    assert "tủ sách khuyến học" in decided["3604800"]["words"]
    assert "passing mention" in decided["3604800"]["words"]


def test_replay_again_changes_nothing(corpus: Path, kept: Path) -> None:
    tables = ("articles", "revisions", "captures", "attachments", "issues", "off_topic", "segments")
    before = [[tuple(row) for row in table(kept, f"SELECT * FROM {name}")] for name in tables]
    said = replay(corpus, kept, "--keep-all")
    assert "1575 already here" in said
    assert [[tuple(row) for row in table(kept, f"SELECT * FROM {name}")] for name in tables] == before
