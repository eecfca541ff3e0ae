"""What districts count, sent in bundles and joined, is what one ledger of all would say, byte for byte."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.exchange.conftest import UNIONS, Office, Split, facts, recorded
from tests.ledgers import dice_of

ASKED = [
    "--period 2024 --by district",
    "--period 2024",
    "--period 2024 --by month",
    "--period 2024-Q1 --by ward",
    "--period 2024-H1 --by district --structure now",
    "--period 2023",
    "--period 2024 --by district --compare same-period",
    "--period 2024 --by district --indicator women-share --indicator members-total",
    "--period 2024 --by district --indicator upper-units-founded",
    "--period 2024 --by sex",
    "--period 2024 --by form",
    "--period 2024 --by fund",
    "--period 2024 --by programme --form repair",
    "--period 2024 --by district --sex nữ",
]


@pytest.mark.parametrize("seed", [1, 2])
def test_districts_joined_are_the_province(split: Split, seed: int) -> None:
    dice = dice_of(seed)
    recorded(split, facts(dice, 40, UNIONS), dice)
    split.send("--level", "union")
    for words in ASKED:
        assert split.province.report(*words.split()) == split.whole.report(*words.split()), words
    split.send("--level", "union", "--grain", "day")
    for words in [*ASKED, "--period 2024-02-05..2024-08-17 --by district"]:
        assert split.province.report(*words.split()) == split.whole.report(*words.split()), words


def test_what_the_levels_between_took_reaches_the_nation_once(office: Callable[[str], Office], tmp_path: Path) -> None:
    nation, province, district, other = map(office, ("TLD", "TB", "HH", "HY"))
    nation.typed("""
        init --office "Tổng Liên đoàn" --kind confederation
        add-unit "LĐLĐ tỉnh Thái Bình" --kind province --code TB
        add-unit "LĐLĐ tỉnh Hưng Yên" --kind province --code HY
        add-unit "LĐLĐ huyện Hưng Hà" --kind district --code HH --parent TB
        add-unit "LĐLĐ huyện Khoái Châu" --kind district --code KC --parent HY
        add-union "CĐCS May" --parent HH --founded 2023-05-10 --code MAY
        add-union "CĐCS Dệt" --parent KC --founded 2023-05-10 --code DET --members 30
        set-target members-admitted 10 --unit TB --period 2024
    """)
    whole = nation.copied(tmp_path / "whole.db")
    for below, code, name, above in (
        (province, "TB", "LĐLĐ tỉnh Thái Bình", nation),
        (other, "HY", "LĐLĐ tỉnh Hưng Yên", nation),
        (district, "HH", "LĐLĐ huyện Hưng Hà", province),
    ):
        above("export-structure", "--unit", code, "-o", file := tmp_path / f"{code}-s.zip")
        below("init", "--office", name)
        below("import-structure", file)
    facts_of = {
        district: """
            add-member "Người Thử Một" --union MAY --admitted 2024-03-05
            add-member "Người Thử Hai" --union MAY --admitted 2024-03-06
            end-membership "Người Thử Một" --on 2024-06-30 --reason retired
            add-payout --unit MAY --programme tet --amount 500000 --on 2024-01-30
            add-figure news-items 4 --unit HH --period 2024-Q1
        """,
        province: """
            add-payout --unit TB --programme visit --amount 900000 --on 2024-02-10
            add-figure news-items "hơn 9" --unit TB --period 2024
        """,
        other: """
            add-payout --unit KC --programme visit --amount 700000 --on 2024-02-10
            add-figure news-items 3 --unit KC --period 2024
        """,
    }
    for ledger, lines in facts_of.items():
        ledger.typed(lines)
        whole.typed(lines)
    for level in ("unit", "union"):
        for above, below, code in ((province, district, "HH"), (nation, province, "TB"), (nation, other, "HY")):
            below("export-bundle", "-o", file := tmp_path / f"{code}.zip", "--level", level, "--force")
            above("add-origin", f"Nơi {code}", "--unit", code, "--key", f"{below.key}.pub")
            above("import-bundle", file)
        for words in ("--by province", "--by district", "--by month", ""):
            asked = ["--period", "2024", *words.split()]
            assert nation.report(*asked) == whole.report(*asked), (level, words)
        assert "HH" not in nation("origins", "-f", "csv").out


WENT = """
    add-union "CĐCS M7" --parent HH --founded 2023-06-10 --code M7 --members 12
    add-member "Người Đi" --union M1 --admitted 2024-01-05 --sex nữ
    add-member "Người Sang" --union M3 --admitted 2024-01-05 --sex nam
    transfer-member "Người Đi" --to M2 --on 2024-03-09
    transfer-member "Người Sang" --to M4 --on 2024-04-09
    merge-unit M7 --into M2 --on 2024-06-01
"""


@pytest.mark.parametrize("level", ["union", "unit"])
def test_members_who_went_over_move_in_the_province_as_in_the_whole(split: Split, level: str) -> None:
    split.whole.typed(WENT)
    for code, district in split.districts.items():
        lines = WENT.strip().splitlines()
        district.typed("\n".join(it for it in lines if ("M3" in it or "Sang" in it) == (code == "KX") and code != "TT"))
    split.province.typed("""
        add-union "CĐCS M7" --parent HH --founded 2023-06-10 --code M7
        merge-unit M7 --into M2 --on 2024-06-01
    """)
    split.send("--level", level, "--grain", "day")
    for words in (
        "--period 2024 --by district",
        "--period 2024 --by ward",
        "--period 2024-H1",
        "--unit XA --period 2024",
    ):
        asked = ("movement", *words.split(), "-f", "json")
        assert split.province(*asked).out == split.whole(*asked).out, words
    # Who has only members that came over from others keeps the register of members, and admitted none.
    asked = ("--unit", "XA", "--period", "2024")
    assert split.province.report(*asked) == split.whole.report(*asked)
    movement = split.province("movement", "--unit", "XA", "--period", "2024", "-f", "json").json
    assert '"transferred_in": 1' in str(movement).replace("'", '"')


REORGANISED = (
    # What is recorded before, what becomes of units, and what is recorded afterwards in the ledger of the successor.
    "merge-unit KX --into HH --on 2024-07-01",
    "move-unit M5 --to XA --on 2024-05-15",
    'rename-unit TT "LĐLĐ khu vực Thái Thụy" --on 2024-08-01',
)


@pytest.mark.parametrize("level", ["union", "unit"])
def test_districts_that_merged_are_joined_as_one(split: Split, level: str) -> None:
    dice = dice_of(3)
    before = [it for it in facts(dice, 40, UNIONS) if is_before(it[1], "2024-05-01", of_units=level == "unit")]
    recorded(split, before, dice)
    for line in REORGANISED:
        split.whole.typed(line)
        split.province.typed(line)
    for code, district in split.districts.items():
        split.province("export-structure", "--unit", code, "-o", file := district.path.with_suffix(".zip"))
        district("import-structure", file, "--replace")
        file.unlink()
    after = [
        ("HH", 'add-member "Người Sau" --union M3 --admitted 2024-09-05'),
        ("HH", "add-payout --unit M5 --programme tet --amount 600000 --on 2024-09-06"),
        ("HH", "add-figure news-items 4 --unit HH --period 2024-Q4"),
        ("TT", "add-payout --unit TT --programme visit --amount 700000 --on 2024-10-06"),
    ]
    recorded(split, after, dice)
    split.send("--level", level)
    for words in [*ASKED, "--period 2024 --by district --structure now", "--period 2024 --structure 2024-03-01"]:
        if level == "unit" and ("structure" in words or "compare" in words):
            continue  # what became of one union, by today's structure, is not told by the sums of its ward
        assert split.province.report(*words.split()) == split.whole.report(*words.split()), words


def is_before(line: str, day: str, *, of_units: bool) -> bool:
    """Tell whether a line is of days before one, and of no union's own figure where only units are sent."""
    dated = re.search(r"2024-[0-9]{2}-[0-9]{2}", line)
    if "add-figure" in line and (of_units and "--unit M" in line):
        return False
    return dated is None or dated[0] < day
