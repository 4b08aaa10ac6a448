"""``scrapy analyse --texts``: documents in, the same documents with what was read in them out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import warm
from tests.analyse.marked import documents

ROOT = Path(__file__).resolve().parents[1]
GIVEN = ("doc_id", "text", "published", "portal_place")


def analyse(*arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.scrapy("analyse", *arguments)


def test_texts_in_facts_out(tmp_path: Path) -> None:
    given = [{name: one[name] for name in GIVEN} | {"kept": "as it is"} for one in documents("build")[:6]]
    (tmp_path / "docs.json").write_text(json.dumps({"meta": {"x": 1}, "docs": given}, ensure_ascii=False), encoding="utf-8")
    done = analyse("--texts", str(tmp_path / "docs.json"), "--out", str(tmp_path / "facts.json"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 texts, 6 on topic, ")
    whole: dict[str, Any] = json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))
    assert whole["meta"] == {"x": 1}
    for one, read in zip(given, whole["docs"], strict=True):
        assert {name: read[name] for name in one} == one
        assert read["relevant"] is True
        assert read["topics"]
        for fact in read["facts"]:
            assert {"place", "indicator", "value", "unit", "qualifier", "period", "evidence", "evidence_span", "value_span"} <= fact.keys()
            assert one["text"][slice(*fact["value_span"])] == fact["value_text"]


def test_a_list_of_documents_gives_a_list(tmp_path: Path) -> None:
    (tmp_path / "docs.json").write_text('[{"text": "Mưa lớn."}]', encoding="utf-8")
    assert analyse("--texts", str(tmp_path / "docs.json"), "--out", str(tmp_path / "out.json")).returncode == 0
    (read,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (read["relevant"], read["facts"]) == (False, [])


@pytest.mark.parametrize(
    ("content", "said"), [("no json", "holds no documents"), ("[{}]", "document 1"), ('{"a": 1}', "holds no documents")]
)
def test_what_is_no_documents_is_said(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "docs.json").write_text(content, encoding="utf-8")
    done = analyse("--texts", str(tmp_path / "docs.json"), "--out", str(tmp_path / "out.json"))
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "out.json").exists()


def test_both_files_are_named() -> None:
    assert analyse("--texts", "docs.json").returncode == 2


def test_no_archive(tmp_path: Path) -> None:
    done = analyse("--db", str(tmp_path / "none.db"))
    assert (done.returncode, "there is no archive" in done.stderr) == (2, True)
    assert not (tmp_path / "none.db").exists()


def test_the_analysis_costs_nothing_until_it_is_needed() -> None:
    """Importing it loads no list of places; an article off topic never does."""
    code = (
        "import scraper.analyse.article as a, scraper.analyse.gazetteer as g\n"
        "a.judge(a.Document('Mưa lớn', 'Mưa lớn ở nhiều nơi.'))\nassert g.gazetteer.cache_info().currsize == 0"
    )
    timed = f"import time\nstarted = time.process_time()\n{code}\nprint(time.process_time() - started)"
    done = subprocess.run([sys.executable, "-c", timed], cwd=ROOT, check=True, timeout=60, capture_output=True, text=True)
    assert float(done.stdout) < 0.5
