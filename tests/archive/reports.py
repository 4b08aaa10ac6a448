"""Reports on two portals to analyse, and what the archive says of them then."""

from __future__ import annotations

from typing import Any

from scraper.archive import analysis
from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.items import Capture
from scraper.portal import portals

HTML = (("Content-Type", "text/html; charset=utf-8"),)
TABLES = (
    "analyses", "article_topics", "article_places", "article_people", "observations", "numbers_unread", "places", "place_successors",
    "topics", "indicators", "article_shingles", "reprints", "stories", "story_articles", "observation_reviews",
)  # fmt: skip
REPORT = (
    "Sáng 9/11, Hội Khuyến học huyện Thạch An tổng kết. Năm 2022, huyện Thạch An có 217 chi hội, thị trấn Đông Khê có 21 chi hội và 1.204"
    " hội viên. Quỹ khuyến học toàn huyện đạt 1,2 tỷ đồng. Ông Nông Văn Báo, Chủ tịch Hội Khuyến học huyện Thạch An, đề nghị các xã vận"
    " động 31 hộ có con bỏ học trở lại lớp, mở thêm lớp xóa mù ở những xóm xa đường, nhờ các thầy cô đã nghỉ hưu đứng lớp buổi tối."
)


def capture(
    source: str, number: int, text: str, at: str = "2023-01-05T02:00:00Z", title: str = "Hội Khuyến học tổng kết năm 2022"
) -> Capture:
    host = {"cao_bang": "caobang.gov.vn", "cao_bang_thach_an": "thachan.caobang.gov.vn"}[source]
    body = (
        f'<div class="ModuleContent"><div class="ArticleHeader">{title} ({number})</div><div class="PostDate">05/01/2023 08:00</div>'
        f'<div class="ArticleContent"><p>{text}</p></div></div>'
    )
    return Capture(f"https://{host}/van-hoaxa-hoi/bai-viet-{1000 + number}", at, 200, HTML, f"<html><body>{body}</body></html>".encode())


def take(archive: ArchiveDatabase, source: str, *captures: Capture) -> Keeper:
    spider = portals()[source]
    keeper = Keeper(archive, spider.facts(), "replay")
    for one in captures:
        keeper.take(one, keeper.keep(one, ()), spider.read(one))
    keeper.finish("finished", "good")
    return keeper


def rows(archive: ArchiveDatabase, table: str) -> list[tuple[Any, ...]]:
    return archive.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


def everything(archive: ArchiveDatabase) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(archive, table) for table in TABLES}


def run(archive: ArchiveDatabase, *, all_of_them: bool = True) -> list[str]:
    changes = []
    with archive.transaction() as db:
        changes += analysis.sync_vocabulary(db)
        for article_id in analysis.outdated(db, everything=all_of_them):
            changes += analysis.store(db, analysis.read_article(analysis.load(db, article_id)))
    return [change.line() for change in changes]
