"""What offices may hand each other by mistake or on purpose: nothing breaks, and nothing counts twice."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import dumped
from tests.exchange.conftest import DISTRICTS, Office, Split
from tests.exchange.test_hostile import Parts, parts_of, zipped

LARGE = 10**18 - 1


def structure(split: Split, to: Path) -> Parts:
    split.province("export-structure", "--unit", "HH", "-o", to)
    return parts_of(to)


def rewritten(parts: Parts, document: Callable[[dict[str, object]], object] | None = None) -> bytes:
    manifest = json.loads(parts["datapackage.json"])
    for it in manifest["resources"]:
        it |= {"hash": f"sha256:{sha256(parts[it['path']]).hexdigest()}"}
    manifest = document(manifest) if document else manifest
    return zipped({**parts, "datapackage.json": json.dumps(manifest).encode()})


MANIFESTS: dict[str, Callable[[dict[str, object]], object]] = {
    "a list": lambda it: [it],
    "a text": lambda _: "x",
    "no resources": lambda it: {**it, "resources": None},
    "resources of texts": lambda it: {**it, "resources": ["x"]},
    "no unit": lambda it: {**it, "ucli": {}},
    "an unknown unit": lambda it: {**it, "ucli": {"unit": {"number": 9999, "name": "X"}}},
    "a unit by letters": lambda it: {**it, "ucli": {"unit": {"number": "x", "name": "X"}}},
    "a name of escapes": lambda it: {**it, "ucli": {"unit": {"number": 9998, "name": "\x1b[31mX"}}},
    "profile a list": lambda it: {**it, "profile": []},
}


@pytest.mark.parametrize("kind", MANIFESTS)
@pytest.mark.parametrize("has_office", [True, False])
def test_a_structure_with_another_manifest_is_refused(
    split: Split, office: Callable[[str], Office], tmp_path: Path, kind: str, has_office: bool
) -> None:
    there = office("new")
    there("init", *(["--office", DISTRICTS["HH"]] if has_office else []))
    file = tmp_path / "s.zip"
    file.write_bytes(rewritten(structure(split, file), MANIFESTS[kind]))
    before = dumped(there.path)
    answer = there.ucli("--db", there.path, "import-structure", file)
    assert answer.code in (3, 4), answer
    assert "\x1b" not in answer.err
    assert dumped(there.path) == before


def line(parts: Parts, name: str, has: str, *, change: Callable[[str], str]) -> None:
    rows = parts[name].decode().splitlines(keepends=True)
    parts[name] = "".join(change(it) if has in it else it for it in rows).encode()
    assert rows != parts[name].decode().splitlines(keepends=True)


def number_of(parts: Parts, code: str) -> str:
    return next(it.split(",")[0] for it in parts["names.csv"].decode().splitlines() if f",{code}," in it)


def cycle(parts: Parts) -> None:
    a, b = number_of(parts, "HH"), number_of(parts, "XA")
    rows = [it for it in parts["parents.csv"].decode().splitlines() if not it.startswith(f"{a},")]
    parts["parents.csv"] = ("\n".join([*rows, f"{a},{b},0001-01-01,9999-12-31"]) + "\n").encode()


def two_parents(parts: Parts) -> None:
    a = number_of(parts, "M2")
    b = number_of(parts, "HH")
    parts["parents.csv"] += f"{a},{b},2000-01-01,9999-12-31\n".encode()


def target(parts: Parts, place: int, value: str) -> None:
    rows = [it.split(",") for it in parts["targets.csv"].decode().splitlines()]
    for row in rows[1:]:
        row[place] = value
    parts["targets.csv"] = ("\n".join(map(",".join, rows)) + "\n").encode()


STRUCTURES: dict[str, Callable[[Parts], object]] = {
    "no life": lambda it: line(it, "units.csv", f"{number_of(it, 'XA')},", change=lambda _row: ""),
    "no name": lambda it: line(it, "names.csv", ",XA,", change=lambda _row: ""),
    "a life twice": lambda it: line(it, "units.csv", "", change=lambda row: row if row[0] == "n" else row * 2),
    "a cycle": cycle,
    "two parents": two_parents,
    "days turned": lambda it: line(it, "names.csv", ",XA,", change=lambda row: row.replace("9999-12-31", "0001-01-01")),
    "a kind more": lambda it: line(it, "names.csv", ",XA,", change=lambda row: row.replace(",ward", ",person")),
    "a profile of letters": lambda it: target(it, 11, "x"),
    "a profile of JSON": lambda it: target(it, 11, "[1]"),
    "a kind of target more": lambda it: target(it, 6, "secret"),
    "a period of another": lambda it: target(it, 4, "x y"),
    "a percent of letters": lambda it: target(it, 9, "abc"),
    "low empty": lambda it: target(it, 7, ""),
    "low huge": lambda it: target(it, 7, str(LARGE)),
    "an effective day of another": lambda it: target(it, 12, "1000-01-01"),
    "an indicator with another kind": lambda it: line(
        it, "indicators.csv", "quy-hoc", change=lambda row: row.replace(",figures,", ",xyz,")
    ),
}


@pytest.mark.parametrize("kind", STRUCTURES)
def test_a_structure_that_contradicts_itself_breaks_nothing(
    split: Split, office: Callable[[str], Office], tmp_path: Path, kind: str
) -> None:
    there = office("new")
    there("init", "--office", DISTRICTS["HH"])
    file = tmp_path / "s.zip"
    parts = structure(split, file)
    STRUCTURES[kind](parts)
    file.write_bytes(rewritten(parts))
    before = dumped(there.path)
    answer = there.ucli("--db", there.path, "import-structure", file)
    assert answer.code in (0, 3, 4, 5), answer
    if answer.code:
        assert dumped(there.path) == before
    else:
        for command in (["check"], ["report", "--period", "2024"], ["targets"], ["units", "--tree"]):
            answer = there.ucli("--db", there.path, *command)
            assert answer.code in (0, 4), answer


def count(office: Office, code: str, *words: str) -> object:
    rows = office("report", "--indicator", code, *words, "-f", "json").json["rows"]
    return rows[0]["actual"]


@pytest.mark.parametrize("first", ["HH", "XA"])
@pytest.mark.parametrize("levels", ["unit unit", "unit union", "union unit", "union union"])
def test_a_ward_and_its_district_that_both_send_count_once(
    split: Split, office: Callable[[str], Office], tmp_path: Path, first: str, levels: str
) -> None:
    ward, district = office("ward"), split.districts["HH"]
    split.province("export-structure", "--unit", "XA", "-o", tmp_path / "xa.zip")
    ward("init", "--office", "CĐ xã Hưng")
    ward("import-structure", tmp_path / "xa.zip")
    for it in (ward, district):
        it.typed("""
            add-member "Người Một" --union M2 --admitted 2024-03-01
            add-payout --unit M2 --programme tet --amount 1000000 --on 2024-01-20 --yes
        """)
    by = dict(zip(("HH", "XA"), levels.split(), strict=True))
    for code in (first, *({"HH", "XA"} - {first})):
        it = {"HH": district, "XA": ward}[code]
        it("export-bundle", "-o", file := tmp_path / f"{code}.zip", "--level", by[code])
        split.province("add-origin", code, "--unit", code, "--key", f"{it.key}.pub")
        split.province("import-bundle", file, "-f", "json")
    assert count(split.province, "members-admitted", "--period", "2024") == 1
    assert count(split.province, "welfare-visits", "--period", "2024") in (1, 0)


def test_a_bundle_goes_to_no_day_that_has_not_come(split: Split, tmp_path: Path) -> None:
    said = split.districts["HH"]("export-bundle", "-o", tmp_path / "b.zip", "--until", "31/12/2199", expect=4).err
    assert "future" in said
    assert not (tmp_path / "b.zip").exists()
