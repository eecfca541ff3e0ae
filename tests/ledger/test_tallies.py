"""Whatever is done to a ledger, its tallies are what the registers add up to, and what is explained is the same."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Ucli
from ucli.ledger.opening import open_ledger
from ucli.ledger.tallying import differences

UNITS = ("34", "HH", "KX", "MAY", "TRUONG", "N1", "N2", "N3", "N4")
INDICATORS = ("news-items", "members-admitted", "welfare-visits", "agreement-coverage")
PERIODS = ("2024", "2024-H1", "2024-Q1", "2024-02", "2024-01-15..2024-02-20", "2023-12-01..2024-01-31")


def command(dice: Random, folder: Path, number: int) -> list[str]:
    """Return one command of any kind; many are refused, as they should be."""
    day = (date(2024, 1, 1) + timedelta(dice.randrange(200))).isoformat()
    unit, other = dice.sample(UNITS, 2)
    indicator, period = dice.choice(INDICATORS), dice.choice(PERIODS)
    count = dice.randint(0, 90)
    value = f"{count}/{count + 5}" if indicator == "agreement-coverage" else f"{dice.choice(['', 'hơn '])}{count}"
    roster = folder / f"{number}.csv"
    names = "\n".join(f"Trần Thị Mẫu {it};{unit};{day}" for it in range(3))
    roster.write_text(f"Họ và tên;Công đoàn cơ sở;Ngày kết nạp\n{names}\n", encoding="utf-8")
    kinds = dice.choice(["district", "sector", "province", "ward"])
    return dice.choice(
        [
            ["add-figure", indicator, value, "--unit", unit, "--period", period],
            ["add-figure", indicator, value, "--unit", unit, "--period", period],
            ["import", "members", str(roster)],
            ["add-member", "Lê Văn Thử", "--union", unit, "--admitted", day],
            ["add-payout", "--unit", unit, "--programme", "visit", "--amount", "500000", "--on", day],
            ["add-union", f"CĐCS {other}", "--parent", unit, "--founded", day, "--members", "9", "--code", other],
            ["add-unit", f"Đơn vị {other}", "--kind", kinds, "--parent", unit, "--code", other],
            ["move-unit", unit, "--to", other, "--on", day],
            ["merge-unit", unit, "--into", other, "--on", day],
            ["end-unit", unit, "--on", day],
            ["rename-unit", unit, "--kind", kinds, "--on", day],
            ["end-membership", str(dice.randint(1, 9)), "--on", day, "--reason", "retired", "--yes"],
            ["transfer-member", str(dice.randint(1, 9)), "--to", unit, "--on", day, "--yes"],
            ["void-figure", str(dice.randint(1, 9))],
            ["void-member", str(dice.randint(1, 9))],
            ["undo", str(dice.randint(10, 10 + number))],
            ["redo", str(dice.randint(10, 10 + number))],
        ]
    )


@pytest.mark.parametrize("seed", range(5))
def test_any_sequence_of_commands_leaves_tallies_equal_to_a_recount(
    province: Ucli, ucli: Ucli, tmp_path: Path, seed: int
) -> None:
    dice = Random(seed)  # noqa: S311  the same every time
    for code, parent in (("N1", "HH"), ("N2", "KX"), ("N3", "34")):
        province("add-union", f"CĐCS {code}", "--parent", parent, "--founded", "2023-05-01", "--code", code)
    province("add-unit", "Phường N4", "--kind", "ward", "--parent", "HH", "--code", "N4")
    done = []
    for number in range(70):
        words = command(dice, tmp_path, number)
        if ucli(*words).code == 0:
            done.append(" ".join(words))
            with closing(open_ledger(tmp_path / "so.db")) as db:
                assert list(differences(db)) == [], done
    assert len(done) > 15
    # What is explained is counted row by row, without the tallies.
    for indicator in INDICATORS[:3]:
        for asked in (("--period", "2024"), ("--unit", "34", "--period", "2024", "--structure", "now")):
            rows = province("report", *asked, "--indicator", indicator, "-f", "json").json["rows"]
            [cell] = province("explain", indicator, *asked, "-f", "json").json["cells"]
            parts = [part["value"] for part in cell["parts"] if part["use"] == "counted"]
            assert sum(map(int, parts)) == (rows[0]["actual"] or 0), (asked, done)


def test_a_unit_is_tallied_from_its_first_union_on_and_its_days_from_its_first_high_kind(ok: Ucli) -> None:
    def reports() -> list[object]:
        periods = ("2024", "2024-02-03", "2024-01-15..2024-03-10")
        return [ok("report", "--unit", "NG", "--period", it, "-f", "json").json["rows"] for it in periods]

    ok("init")
    ok("add-unit", "Công đoàn ngành Ví Dụ", "--kind", "sector", "--code", "NG")
    ok("add-figure", "news-items", 7, "--unit", "NG", "--period", "2024-02")
    ok("add-payout", "--unit", "NG", "--programme", "visit", "--amount", "500000", "--on", "2024-02-03")
    before = reports()
    ok("add-union", "CĐCS Ví Dụ", "--parent", "NG", "--founded", "2023-03-01")
    assert reports() == before
    ok("rename-unit", "NG", "--kind", "industry", "--on", "2024-03-01")
    assert reports() == before


def test_what_leaves_stated_and_hold_is_named_under_the_table_of_a_whole(province: Ucli) -> None:
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-05-01")
    province("add-figure", "members-admitted", 5, "--unit", "MAY", "--period", "2024")
    province("add-figure", "news-items", 5, "--unit", "MAY", "--period", "2024")
    report = province("report", "--period", "2024")
    assert "stated 5, collected from below 1 (CĐCS May Hưng Hà, figure 1)" in report.out
    report = province("report", "--period", "2024-H1")
    assert "not inside this period: " in report.out
    assert "figure 2)" in report.out
    rows = province("report", "--period", "2024-H1", "-f", "json").json["rows"]
    assert {row["indicator"]: row["left_out"] for row in rows if row["left_out"]} == {
        "members-admitted": [1],
        "news-items": [2],
    }
