"""Offices that keep ledgers of their own, and what they hand each other."""

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from tests.conftest import Answer, Once, Ucli

PROVINCE = "LĐLĐ tỉnh Thái Bình"
DISTRICTS = {"HH": "LĐLĐ huyện Hưng Hà", "KX": "LĐLĐ huyện Kiến Xương", "TT": "LĐLĐ huyện Thái Thụy"}
UNIONS = {"M1": "HH", "M2": "XA", "M3": "KX", "M4": "KX", "M5": "TT", "M6": "TT"}
STRUCTURE = f"""
init --office "{PROVINCE}"
add-unit "LĐLĐ huyện Hưng Hà" --kind district --code HH
add-unit "LĐLĐ huyện Kiến Xương" --kind district --code KX
add-unit "LĐLĐ huyện Thái Thụy" --kind district --code TT
add-unit "CĐ xã Hưng" --kind ward --parent HH --code XA
add-union "CĐCS M1" --parent HH --founded 2023-01-10 --code M1
add-union "CĐCS M2" --parent XA --founded 2023-02-10 --code M2
add-union "CĐCS M3" --parent KX --founded 2023-03-10 --code M3
add-union "CĐCS M4" --parent KX --founded 2023-04-10 --code M4
add-union "CĐCS M5" --parent TT --founded 2023-05-10 --code M5
add-union "CĐCS M6" --parent TT --founded 2023-06-10 --code M6
add-indicator quy-hoc --name "Học bổng" --measure "suất"
add-programme xe-dap --name "Xe đạp"
set-target members-admitted 60 --unit "{PROVINCE}" --period 2024
set-target members-admitted 60 --unit HH --period 2024
set-target news-items 40 --unit KX --period 2024
"""
FACTS = """
add-member "Nguyễn Thử" --union M1 --admitted 2024-05-05
add-payout --unit M1 --programme tet --amount 5000000 --on 2024-06-03
add-figure news-items 5 --unit HH --period 2024
add-figure legal-advice n/a --unit HH --period 2024
add-award HH "Cờ thi đua" --period 2024
"""


class Office(NamedTuple):
    """A ledger, and how ucli is called on it."""

    path: Path
    ucli: Ucli

    def __call__(self, *words: object, expect: int = 0) -> Answer:
        return self.ucli("--db", self.path, *words, expect=expect)

    def typed(self, lines: str) -> None:
        for line in filter(None, map(str.strip, lines.splitlines())):
            self(*shlex.split(line))

    def report(self, *words: str) -> str:
        """Return a report as JSON, in which figures left out are told by how many, for each ledger numbers its own."""
        return re.sub(
            r'"left_out": \[(.*?)\]',
            lambda it: f'"left_out": {len(it[1].split())}',
            self("report", *words, "-f", "json").out,
            flags=re.DOTALL,
        )

    def copied(self, to: Path) -> "Office":
        return Office(Path(shutil.copy(self.path, to)), self.ucli)

    @property
    def key(self) -> Path:
        return self.path.with_name(f"{self.path.name}.key")


def facts(dice: Random, count: int, unions: dict[str, str], year: int = 2024) -> list[tuple[str, str]]:
    """Return command lines that record facts, each with the district whose ledger it is for."""
    lines = []
    for number in range(count):
        union = dice.choice([*unions])
        district = {"XA": "HH"}.get(unions[union], unions[union])
        day = f"{year}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        match dice.randrange(5):
            case 0 | 1:
                line = f'add-member "Người Thử {number}" --union {union} --admitted {day}'
                line += dice.choice(["", " --sex nam", " --sex nữ"])
            case 2:
                unit = dice.choice([union, unions[union]])
                money = "unknown" if dice.random() < 0.1 else f"{dice.randint(1, 9)}00000"
                programme = dice.choice(["tet", "visit", "xe-dap", "shelter"])
                line = f"add-payout --unit {unit} --programme {programme} --amount {money} --on {day} --yes"
                line += f" --form {dice.choice(['repair', 'new-build'])}" if programme == "shelter" else ""
                line += dice.choice(["", ' --fund "Quỹ xã hội"', ' --fund "Công đoàn phí"'])
            case 3:
                unit, period = dice.choice([union, unions[union]]), dice.choice([day[:7], f"{year}-Q1", f"{year}"])
                code = dice.choice(["news-items", "quy-hoc", "legal-advice", "members-admitted"])
                hedge = dice.choice(["", "hơn ", "khoảng "])
                line = f'add-figure {code} "{hedge}{dice.randint(1, 90)}" --unit {unit} --period {period} --replace'
            case _:
                line = f"add-figure agreement-coverage {dice.randint(0, 9)}/9 --unit {union} --period {day} --replace"
        lines.append((district, line))
    return lines


@pytest.fixture
def office(ok: Ucli, ucli: Ucli, tmp_path: Path) -> Callable[[str], Office]:
    """Make an office: its ledger has a name, and is not there yet."""
    return lambda name: Office(tmp_path / f"{name}.db", ucli)


class Split(NamedTuple):
    """A province's ledger, and the same kept apart: the province's own, and one of each district."""

    whole: Office
    province: Office
    districts: dict[str, Office]

    def send(self, *words: object, among: str = "HH KX TT") -> list[Path]:
        """Let districts export and the province take, in this order; return the bundles."""
        files = []
        for code in among.split():
            district = self.districts[code]
            files.append(district.path.with_suffix(".zip"))
            district("export-bundle", "-o", files[-1], "--force", *words)
            self.province("add-origin", DISTRICTS[code], "--unit", code, "--key", f"{district.key}.pub")
        self.province("import-bundle", *files)
        return files


class Sent(NamedTuple):
    """A province, one of its districts, and the bundle that the district made for it."""

    province: Office
    district: Office
    bundle: Path


@pytest.fixture
def split(ucli: Ucli, tmp_path: Path, once: Once) -> Split:
    """Part a province into three districts whose numbers are others."""
    whole, province = Office(tmp_path / "whole.db", ucli), Office(tmp_path / "province.db", ucli)
    districts = {code: Office(tmp_path / f"{code}.db", ucli) for code in DISTRICTS}

    def part() -> None:
        whole.typed(STRUCTURE)
        whole.copied(province.path)
        for place, (code, district) in enumerate(districts.items()):
            file = tmp_path / f"{code}-structure.zip"
            province("export-structure", "--unit", code, "-o", file)
            district("init", "--office", DISTRICTS[code])
            # Their numbers are not the province's.
            for number in range(place + 1):
                district("add-unit", f"LĐLĐ huyện Nhầm {number}", "--kind", "district", "--code", f"N{number}")
                district("void-unit", f"N{number}")
            district("import-structure", file)

    once("split", part)
    return Split(whole, province, districts)


@pytest.fixture
def exported(split: Split, once: Once) -> Sent:
    """Let a district record something and export it; the province knows it, and has taken nothing yet."""
    district = split.districts["HH"]
    bundle = district.path.with_suffix(".zip")

    def export() -> None:
        district.typed(FACTS)
        district("export-bundle", "-o", bundle)
        split.province("add-origin", DISTRICTS["HH"], "--unit", "HH", "--key", f"{district.key}.pub")

    once("exported", export)
    return Sent(split.province, district, bundle)


@pytest.fixture
def sent(exported: Sent, once: Once) -> Sent:
    """Let the province take what the district exported."""
    once("sent", lambda: exported.province("import-bundle", exported.bundle))
    return exported


def parsed(lines: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    return [(district, shlex.split(line)) for district, line in lines]


def recorded(split: Split, lines: list[tuple[str, str]], dice: Random) -> None:
    """Record lines in the whole ledger, and each in that of its district."""
    for _district, words in parsed(lines):
        split.whole(*words)
    for code, district in split.districts.items():
        own = [words for of, words in parsed(lines) if of == code]
        # What is said of one window twice is said in that order.
        figures = [it for it in own if it[0] == "add-figure"]
        others = [it for it in own if it[0] != "add-figure"]
        dice.shuffle(others)
        for words in [*others, *figures]:
            district(*words)
