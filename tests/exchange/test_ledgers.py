"""Two ledgers of one office become one: all that counts in either counts, under numbers of its own."""

import shlex
from collections.abc import Callable
from pathlib import Path

from tests.conftest import dumped
from tests.exchange.conftest import UNIONS, Office, Split, facts, parsed
from tests.ledgers import dice_of

ASKED = ["--period 2024 --by district", "--period 2024 --by month", "--period 2024-02-03..2024-09-17 --by ward"]


def test_two_ledgers_become_one(split: Split, tmp_path: Path) -> None:
    lines = [words for _of, words in parsed(facts(dice_of(5), 60, UNIONS))]
    # A figure that is stated anew is so in one ledger.
    figures = [it for it in lines if it[0] == "add-figure"]
    others = [it for it in lines if it[0] != "add-figure"]
    one, other = split.province, split.districts["HH"]
    other.path.unlink()
    other("init", "--office", "LĐLĐ tỉnh Thái Bình")
    one("export-structure", "--unit", "tỉnh Thái Bình", "-o", file := tmp_path / "s.zip")
    other("import-structure", file)
    for number in (1, 2, 3):
        other("void-target", number)
    for words in [*others, *figures]:
        split.whole(*words)
    for words in [*others[::2], *figures]:
        one(*words)
    for words in others[1::2]:
        other(*words)
    before, there = one.report("--period", "2024"), dumped(other.path)
    said = one("import-ledger", other.path)
    assert "The ledger of LĐLĐ tỉnh Thái Bình" in said.err
    assert dumped(other.path) == there
    for asked in ASKED:
        assert one.report(*asked.split()) == split.whole.report(*asked.split()), asked
    assert (
        one.ucli("--db", one.path, "check", "-f", "json").json
        == split.whole.ucli("--db", split.whole.path, "check", "-f", "json").json
    )
    assert "imported already" in one("import-ledger", other.path, expect=5).err
    one("undo")
    assert one.report("--period", "2024") == before


def test_what_both_ledgers_say_is_listed_and_twins_are_told(office: Callable[[str], Office], tmp_path: Path) -> None:
    one, other = office("one"), office("other")
    for ledger in (one, other):
        ledger.typed("""
            init --office "LĐLĐ tỉnh Hưng Yên"
            add-unit "LĐLĐ huyện Văn Giang" --kind district --code VG
            add-union "CĐCS May" --parent VG --founded 2023-05-10 --code MAY
        """)
    other("add-union", "CĐCS Dệt", "--parent", "VG", "--founded", "2023-05-10", "--code", "DET", "--members", "20")
    one("add-member", "Lê Văn Trùng", "--union", "MAY", "--admitted", "2024-01-05", "--born", "1990-01-02")
    other("add-member", "Lê Văn Trùng", "--union", "DET", "--admitted", "2024-01-05", "--born", "1990-01-02")
    other(
        "add-payout",
        "--unit",
        "MAY",
        "--programme",
        "tet",
        "--amount",
        "5tr",
        "--on",
        "2024-01-20",
        "--beneficiary",
        "Vũ Ví Dụ",
    )
    for ledger, value in ((one, 4), (other, 9)):
        ledger("add-figure", "news-items", value, "--unit", "VG", "--period", "2024")
    said = one("import-ledger", other.path, "-f", "json")
    assert said.json["conflicts"] == ["figure 1"]
    assert len(said.json["twins"]) == 1
    assert (said.json["membership"], said.json["payout"], said.json["figure"], said.json["units"]) == (2, 1, 0, 1)
    rows = {it["indicator"]: it["actual"] for it in one("report", "--period", "2024", "-f", "json").json["rows"]}
    assert (rows["news-items"], rows["members-total"], rows["unions-total"]) == (4, 22, 2)
    assert "Vũ Ví Dụ" in one("payouts").out
    copy = one.copied(tmp_path / "copy.db")
    assert "copy of this ledger" in one("import-ledger", copy.path, expect=5).err
    assert one("import-ledger", tmp_path / "none.db", expect=7).err


def test_clusters_closed_periods_and_what_came_in_bundles_go_along(split: Split, tmp_path: Path) -> None:
    theirs, ours = split.province, Office(tmp_path / "ours.db", split.province.ucli)
    split.districts["HH"].typed("""
        add-payout --unit M1 --programme tet --amount 3tr --on 2024-01-20 --yes
        add-figure news-items 7 --unit M1 --period 2024
        add-member "Người Đi" --union M1 --admitted 2024-01-05
        transfer-member "Người Đi" --to M2 --on 2024-03-09
    """)
    split.send(among="HH")
    theirs.typed("""
        set-cluster "Cụm số 1" --year 2024 --units HH,KX --lead KX
        add-figure news-items 30 --cluster "Cụm số 1" --period 2024
        add-figure news-items 3 --unit KX --period 2024-Q1
        close-period 2024-Q1 --unit KX
        close-period 2024-Q1
    """)
    ours.typed("""
        init --office "LĐLĐ tỉnh Hưng Yên"
        set-cluster "Cụm số 1" --year 2023 --units "tỉnh Hưng Yên"
    """)
    asked = ["--period 2024 --unit HH", "--period 2024 --by district", '--period 2024 --cluster "Cụm số 1"']
    said = ours("import-ledger", theirs.path, "-f", "json").json
    assert said["conflicts"] == []
    assert (said["origin"], said["closing"], said["figure"]) == (1, 2, len(theirs("figures", "-f", "json").json))
    for words in asked:
        scope = [] if "--unit" in words or "--cluster" in words else ["--unit", "tỉnh Thái Bình"]
        assert ours.report(*shlex.split(words), *scope) == theirs.report(*shlex.split(words), *scope), words
    # Who went over inside a district, as its bundle says, came from nowhere else in the other ledger either.
    movement = ("movement", "--unit", "HH", "--period", "2024", "-f", "csv")
    assert ours(*movement).out == theirs(*movement).out
    assert ours("clusters", "--year", "2023").out
    refused = ours("add-figure", "news-items", "9", "--unit", "KX", "--period", "2024-02", expect=5)
    assert "2024-Q1" in refused.err
    assert "Nothing has changed since." in ours("diff", "2024-Q1", "--unit", "KX").out
    ours("check")
    before = dumped(ours.path)
    assert "Nothing to change" in ours("import-bundle", split.districts["HH"].path.with_suffix(".zip")).err
    assert dumped(ours.path) == before


def test_a_stock_that_both_ledgers_state_for_one_day_is_listed(office: Callable[[str], Office]) -> None:
    one, other = office("one"), office("other")
    for ledger, period in ((one, "2024"), (other, "2024-H2")):
        ledger.typed(f"""
            init --office "LĐLĐ tỉnh Hưng Yên"
            add-unit "LĐLĐ huyện Văn Giang" --kind district --code VG
            add-figure members-total 500 --unit VG --period {period}
        """)
    assert one("import-ledger", other.path, "-f", "json").json["conflicts"] == ["figure 1"]


def test_two_units_of_one_code_stay_two_and_the_one_that_comes_gets_another(
    office: Callable[[str], Office], tmp_path: Path
) -> None:
    one, other = office("one"), office("other")
    for ledger, province, district in ((one, "Tuyên Quang", "Sơn Dương"), (other, "Hà Giang", "Bắc Quang")):
        ledger.typed(f"""
            init --office "LĐLĐ tỉnh {province}"
            add-unit "LĐLĐ thành phố" --kind district --code TP
            add-unit "LĐLĐ huyện {district}" --kind district --code H
            add-union "CĐCS Trường" --parent TP --founded 2020-01-01 --code T1 --members 10
            add-union "CĐCS Chợ {district}" --parent H --founded 2020-01-01 --code T2 --members 5
            add-figure news-items 3 --unit TP --period 2024
        """)
    said = one("import-ledger", other.path, "-f", "json")
    assert [(it["there"], it["here"]) for it in said.json["recoded"]] == [
        ("TP", "TP-2"), ("H", "H-2"), ("T1", "T1-2"), ("T2", "T2-2")
    ]  # fmt: skip
    assert (said.json["units"], said.json["figure"], said.json["conflicts"]) == (5, 1, [])
    assert "CĐCS Trường has the code T1-2 here: T1 is used by another unit." in said.err
    units = {it["code"]: (it["name"], it["parent"]) for it in one("units", "-f", "json").json}
    assert units["TP-2"] == ("LĐLĐ thành phố", "LĐLĐ tỉnh Hà Giang")
    assert units["T1-2"] == ("CĐCS Trường", "LĐLĐ thành phố")
    one("adopt-2025")
    rows = one("report", "--period", "2024", "--structure", "now", "-f", "json").json["rows"]
    assert {it["indicator"]: it["actual"] for it in rows}["news-items"] == 6
    assert one("check").code == 0
