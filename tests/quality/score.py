"""What a reading of the labelled pages is worth, in figures: dates, titles, bylines, leads, texts, leaks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scraper.extract.text import squash
from tests.quality.pages import Labelled


@dataclass(frozen=True)
class Answer:
    """What a tool read from a page; None where it reads no such field."""

    title: str | None = None
    text: str = ""
    byline: str | None = None
    published_at: str | None = None
    files: tuple[str, ...] = ()


@dataclass
class Score:
    """Sums over some pages. Shares are of ``pages``, ``f1`` is the mean over 4-word shingles."""

    pages: int = 0
    dates_right: int = 0
    dates_wrong: int = 0
    titles: int = 0
    bylines: int = 0
    bylines_wrong: int = 0
    leads: int = 0
    with_lead: int = 0
    leaks: int = 0
    files: int = 0
    f1_sum: float = 0.0
    worst: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Mean F1 of the texts."""
        return self.f1_sum / self.pages

    def add(self, page: Labelled, answer: Answer, *, by_day: bool = False) -> None:
        """Count one page. ``by_day``: the tool knows days only."""
        wanted, given = page.published_at, answer.published_at
        if by_day:
            wanted, given = wanted and wanted[:10], given and given[:10]
        text = squash(answer.text)
        self.pages += 1
        self.dates_right += wanted == given
        self.dates_wrong += given is not None and wanted != given
        self.titles += squash(answer.title or "") == page.title
        self.bylines += answer.byline == page.byline
        self.bylines_wrong += answer.byline is not None and answer.byline != page.byline
        self.with_lead += bool(page.lead)
        self.leads += bool(page.lead) and page.lead in text
        self.files += answer.files == page.files
        leaks = [bad for bad in page.forbidden if bad in text]
        self.leaks += bool(leaks)
        f1 = shingle_f1(text, page.text)
        self.f1_sum += f1
        name = f"{page.template.cms}/{page.template.name} {page.url[-40:]} {page.trap}"
        if wanted != given:
            self.worst.append(f"{name}: date {given} for {wanted}")
        if squash(answer.title or "") != page.title:
            self.worst.append(f"{name}: title {answer.title!r}")
        if answer.byline != page.byline:
            self.worst.append(f"{name}: byline {answer.byline!r} for {page.byline!r}")
        if page.lead and page.lead not in text:
            self.worst.append(f"{name}: lead lost")
        if leaks:
            self.worst.append(f"{name}: leaks {leaks[0]!r}")
        if f1 < 0.98:
            self.worst.append(f"{name}: F1 {f1:.3f}")

    def figures(self) -> dict[str, float]:
        """The figures that may not fall. All but F1 are counts."""
        return {
            "pages": self.pages,
            "dates_right": self.dates_right,
            "dates_not_wrong": self.pages - self.dates_wrong,
            "titles": self.titles,
            "bylines": self.bylines,
            "leads": self.leads,
            "files": self.files,
            "without_leaks": self.pages - self.leaks,
            "f1": round(self.f1, 4),
        }


def shingle_f1(text: str, truth: str, size: int = 4) -> float:
    """F1 over runs of four words, as the public benchmarks of article extraction count it."""
    found, wanted = _shingles(text, size), _shingles(truth, size)
    common = sum((found & wanted).values())
    return 2 * common / (sum(found.values()) + sum(wanted.values())) if common else 0.0


def _shingles(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = text.split()
    return Counter(tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1)))
