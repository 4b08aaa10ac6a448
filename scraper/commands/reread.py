"""``scrapy reread <files and folders> --to <folder>``: WARC collections read anew on all cores, no archive touched."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.bulk.engines import EngineMissing, in_pool, on_dask
from scraper.bulk.readings import ENDING, Done, Task
from scraper.cms import families
from scraper.portal import DeclarationError
from scraper.steps import Steps

WARCS = (".warc.gz", ".warc.zst", ".warc")


class Command(ScrapyCommand):
    """Read every capture of many WARC files into files of readings (JSON lines), one for each WARC file.

    A file whose readings are there already is left alone, so a run that was stopped or killed is gone on with by the same command.

    Exit codes: 0 everything was read, 1 some file or record could not be, 2 usage, or the engine is not installed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy reread -h``."""
        return "[options] --to <folder> <file.warc.gz | folder> …"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Read WARC collections anew on all cores, into files of readings"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--to", metavar="FOLDER", help="where the readings go, one .jsonl.gz for each WARC file")
        parser.add_argument("--family", metavar="NAME", help="read pages of portals that are not declared as this CMS family's")
        parser.add_argument("--processes", type=int, metavar="N", help="how many at once (default: one a core)")
        parser.add_argument("--engine", choices=("pool", "dask"), default="pool", help="processes of this machine, or Dask")
        parser.add_argument("--scheduler", metavar="ADDRESS", help="with --engine dask: a cluster that runs, like tcp://10.0.0.5:8786")
        parser.add_argument("--again", action="store_true", help="read files again whose readings are there")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read them; the exit code says how it went."""
        if not args or not opts.to:
            raise UsageError("name WARC files or folders of them, and with --to the folder for the readings")
        try:
            self.exitcode = self._reread(args, opts)
        except (DeclarationError, EngineMissing) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy reread: {error}", file=sys.stderr)

    def _reread(self, args: list[str], opts: argparse.Namespace) -> int:
        if opts.family and opts.family not in families():
            raise DeclarationError(f"no family {opts.family!r}; there are {', '.join(families())}")
        if opts.scheduler and opts.engine != "dask":
            raise DeclarationError("--scheduler is an address of Dask's: give --engine dask with it")
        if opts.processes is not None and opts.processes < 1:
            raise DeclarationError(f"--processes must be 1 or more, not {opts.processes}")
        tasks = list(find_tasks(args, Path(opts.to), opts.family))
        left = [task for task in tasks if opts.again or not Path(task.to).exists()]
        left.sort(key=lambda task: -Path(task.warc).stat().st_size)
        started = time.monotonic()
        engine = on_dask(left, opts.processes, opts.scheduler) if opts.engine == "dask" else in_pool(left, opts.processes)
        with Steps("reread") as steps:
            kinds, problems = _gather(engine if left else (), len(left), steps)
        for problem in problems:
            print(f"scrapy reread: {problem}", file=sys.stderr)
        _report(len(tasks), len(left), kinds, time.monotonic() - started)
        return 1 if problems or kinds["unreadable"] else 0


def find_tasks(given: Iterable[str], to: Path, family: str | None) -> Iterator[Task]:
    """A task for every WARC file named, or below a folder named; readings keep the folders they came from."""
    for name in given:
        path = Path(name)
        if not path.exists():
            raise DeclarationError(f"no file or folder {path}")
        base = path if path.is_dir() else path.parent
        files = sorted(one for one in path.rglob("*") if one.name.endswith(WARCS) and one.is_file()) if path.is_dir() else [path]
        for file in files:
            relative = file.relative_to(base)
            yield Task(str(file.resolve()), str((to / relative).resolve()) + ENDING, family)


def _gather(engine: Iterable[Done], files: int, steps: Steps) -> tuple[Counter[str], list[str]]:
    kinds: Counter[str] = Counter()
    problems = []
    for number, done in enumerate(engine, 1):
        kinds.update(done.kinds)
        if done.problem:
            problems.append(f"{done.warc}: {done.problem}")
        steps.tell(f"{kinds.total()} captures, files", number, files)
    return kinds, problems


def _report(files: int, read: int, kinds: Counter[str], seconds: float) -> None:
    """What was read, how fast, and the most memory that one process took."""
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    print(f"{kinds.total()} captures in {read} of {files} files ({files - read} were read before): {said}.")
    if kinds:
        print(
            f"{seconds:.0f} s, {kinds.total() / seconds:.0f} captures/s; {cpu:.0f} CPU s on this machine,"
            f" at most {used.ru_maxrss >> 10} MiB in one process."
        )
