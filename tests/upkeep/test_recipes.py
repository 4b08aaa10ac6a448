"""The printed recipes, tried as far as one machine goes: cron's lines in cron's shell, the unit by systemd, the CI's steps in bash."""

from __future__ import annotations

import getpass
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scraper.upkeep.recipes import RECIPES, recipe

ROOT = Path(__file__).resolve().parents[2]
CONTACT = "thu+kh@example.vn"
USER = getpass.getuser()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's folder as awkward as folders are."""
    made = tmp_path / "khuyến học 100% của 'tôi'"
    made.mkdir()
    return made


@pytest.fixture
def python(folder: Path) -> Path:
    """Stands in for the environment's Python: writes down where it runs, what it was told and by whom."""
    program = folder / "py thon"
    says = "import json, os, sys; print(json.dumps([os.getcwd(), sys.argv[1:], os.environ['KHUYEN_HOC_CONTACT']]))"
    # By the shell: an interpreter whose path has a space cannot be named after “#!”.
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(says)} "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_cron_runs_in_any_folder(folder: Path, python: Path) -> None:
    lines = [line for line in recipe("cron", folder, str(python), CONTACT, USER).splitlines() if not line.startswith("#")]
    assert lines[0] == f"KHUYEN_HOC_CONTACT={CONTACT}"
    for line in lines[1:]:
        schedule, command = re.fullmatch(r"((?:[\d*/]+ ){5})(.*)", line).groups()  # type: ignore[union-attr]
        assert schedule in ("*/15 * * * * ", "30 * * * * ")
        # What cron does with a line: a bare % would end the command.
        assert not re.search(r"(?<!\\)%", command)
        environment = {"HOME": str(folder), "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin", "KHUYEN_HOC_CONTACT": CONTACT}
        subprocess.run(["/bin/sh", "-c", command.replace(r"\%", "%")], env=environment, check=True)
    crawled = json.loads((folder / "crawl.log").read_text())
    looked = json.loads((folder / "health.log").read_text())
    assert crawled == [str(folder), ["-m", "scrapy", "crawlall"], CONTACT]
    assert looked == [str(folder), ["-m", "scrapy", "health", "--tell", f"mailto:{CONTACT}"], CONTACT]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit(folder: Path, python: Path, tmp_path: Path) -> None:
    unit = tmp_path / "khuyen-hoc.service"
    unit.write_text(recipe("systemd", folder, str(python), CONTACT, USER))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    # It says so of an unknown key and of a program that is not there; what it says of other units of the machine is no matter of ours.
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []
    assert done.returncode == 0
    assert {f"User={USER}", f"Environment=KHUYEN_HOC_CONTACT={CONTACT}"} <= set(unit.read_text().splitlines())


def test_a_contact_that_is_a_page_is_not_mailed_to(folder: Path, python: Path) -> None:
    for name in RECIPES:
        told = recipe(name, folder, str(python), "https://example.vn/khuyen-hoc@lienhe", USER)
        assert "https://example.vn/khuyen-hoc@lienhe" in told
        assert "mailto:" not in told


def test_container_copies_what_the_crawler_needs(folder: Path) -> None:
    text = recipe("container", folder, "python", CONTACT, USER)
    copied = {name for line in re.findall(r"^COPY (.*)$", text, re.MULTILINE) for name in line.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    assert {"scraper", "spiders", "scrapy.cfg", "pyproject.toml", "requirements.lock"} <= copied
    assert json.loads(re.search(r"^CMD (.*)$", text, re.MULTILINE)[1])[:4] == ["python", "-m", "scrapy", "schedule"]  # type: ignore[index]


GH = """#!/bin/bash
# A release's assets as files in $RELEASE.
set -eu
case "$1 $2" in
  "release view") [ -d "$RELEASE" ] || exit 1
      if [ "${4:-}" = --json ]; then
        names=$(cd "$RELEASE" && ls | sort)
        case "$7" in *last*) echo "$names" | tail -1 ;; *) echo "$names" | head -n -3 ;; esac
      fi ;;
  "release create") mkdir "$RELEASE" ;;
  "release download") cat "$RELEASE/$5" ;;
  "release upload") shift 3; cp "$@" "$RELEASE" ;;
  "release delete-asset") rm "$RELEASE/$4" ;;
  *) exit 9 ;;
esac
"""


def test_a_crawl_is_told_to_stop_once(folder: Path, python: Path) -> None:
    """What sends the signal to a whole group sends it to the crawl a second time."""
    assert "\nKillMode=mixed\n" in recipe("systemd", folder, str(python), CONTACT, USER)
    assert "timeout --foreground " in recipe("ci", folder, str(python), CONTACT, USER)


def test_ci_keeps_the_archive_between_runs(folder: Path, tmp_path: Path) -> None:
    """Its steps of shell, with a stand-in for GitHub's program: what one run stored the next one has, three states are kept."""
    work = yaml.safe_load(recipe("ci", folder, "python", CONTACT, USER))
    assert work[True]["schedule"] == [{"cron": "17 */6 * * *"}]  # YAML 1.1 reads the key `on` as true
    job = work["jobs"]["crawl"]
    assert job["env"]["KHUYEN_HOC_CONTACT"] == CONTACT
    steps = {step.get("name"): step for step in job["steps"]}
    assert [name for name, step in steps.items() if step.get("if") == "always()"] == [
        "keep the archive, whatever the crawl said", "is every source well",
    ]  # fmt: skip
    (tmp_path / "bin").mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    environment = os.environ | {"PATH": f"{gh.parent}:{os.environ['PATH']}", "RELEASE": str(tmp_path / "release")}

    def run(step: str, where: Path, number: int) -> None:
        script = steps[step]["run"].replace("$(date -u +%Y%m%dT%H%M%SZ)", f"2026112{number}T000000Z")
        subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=where, env=environment, check=True)

    for number in range(5):
        checkout = tmp_path / f"run{number}"
        checkout.mkdir()
        run("the archive as the last run left it", checkout, number)
        archive = checkout / "archive.db"
        assert (archive.read_text() if number else "") == "x" * number
        (checkout / "warcs").mkdir(exist_ok=True)
        archive.write_text("x" * (number + 1))
        run("keep the archive, whatever the crawl said", checkout, number)
    assert sorted(path.name for path in (tmp_path / "release").iterdir()) == [
        f"archive-2026112{number}T000000Z.tar" for number in (2, 3, 4)
    ]


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_the_command_prints_it(tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-m", "scrapy", "schedule", "--recipe", name]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"KHUYEN_HOC_CONTACT": CONTACT}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == recipe(name, ROOT, sys.executable, CONTACT, USER)
