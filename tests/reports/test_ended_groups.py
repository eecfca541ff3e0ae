"""Groups that ended inside a report's window: what happened on their last days is theirs, to the last union."""

import pytest

from tests.conftest import Ucli

pytestmark = pytest.mark.lake


@pytest.fixture
def reorganised(province: Ucli) -> Ucli:
    """HH ends on 1/7/2024, on which one of its unions is dissolved and the other goes to the province."""
    province("add-union", "CĐCS Cũ", "--parent", "HH", "--founded", "2020-01-01", "--members", "34", "--code", "GT")
    province("add-member", "Đỗ Thị Ví Dụ", "--union", "MAY", "--admitted", "2024-02-01")
    province("end-union", "GT", "--on", "2024-07-01", "--reason", "reorganised")
    province("end-unit", "HH", "--on", "2024-07-01", "--reason", "reorganised", "--successor", "Thái Bình")
    return province


def actuals(ok: Ucli, code: str) -> dict[str, int | None]:
    asked = ("--period", "2024", "--by", "district", "--indicator", code)
    table = ok("report", *asked, "-f", "json").json
    groups = {group["unit"]["code"]: group["rows"][0]["actual"] for group in table["groups"]}
    return {"": table["rows"][0]["actual"], **groups}


def test_a_union_that_ended_with_the_unit_above_it_ended_in_that_unit(reorganised: Ucli) -> None:
    assert actuals(reorganised, "unions-dissolved") == {"": 1, "HH": 1, "KX": 0}
    assert actuals(reorganised, "members-lost-dissolution") == {"": 34, "HH": 34, "KX": None}


def test_what_a_unit_stated_of_its_last_days_is_not_counted_a_second_time(reorganised: Ucli) -> None:
    reorganised("add-figure", "members-lost-dissolution", "40", "--unit", "HH", "--period", "2024")
    assert actuals(reorganised, "members-lost-dissolution") == {"": 40, "HH": 40, "KX": None}


def test_the_movement_of_a_group_balances_to_the_last_union(reorganised: Ucli) -> None:
    table = reorganised("movement", "--period", "2024", "--by", "district")
    assert "Chênh lệch" not in table.out
    rows = reorganised("movement", "--period", "2024", "--by", "district", "-f", "json").json["groups"]
    [group] = [it for it in rows if it["unit"] and it["unit"]["code"] == "HH"]
    assert (group["unions"]["opening"], group["unions"]["dissolved"], group["unions"]["units_out"]) == (2, 1, 1)
    assert (group["members"]["opening"], group["members"]["dissolved"], group["members"]["units_out"]) == (34, 34, 1)


@pytest.fixture
def moved(province: Ucli) -> Ucli:
    """HH stands under another province from 1/7/2024 until 1/10; on both days somebody leaves."""
    province("add-unit", "Hải Dương", "--kind", "province", "--code", "HD", "--founded", "1997-01-01")
    province("add-union", "CĐCS Cũ", "--parent", "HH", "--founded", "2020-01-01", "--members", "40", "--code", "GT")
    province("move-unit", "HH", "--to", "HD", "--on", "2024-07-01")
    province("move-unit", "HH", "--to", "Thái Bình", "--on", "2024-10-01")
    for number, day in ((3, "2024-07-01"), (2, "2024-10-01")):
        province("end-membership", "1", "--members", number, "--on", day, "--reason", "retired")
    for day in ("2024-06-30", "2024-07-01", "2024-09-30", "2024-10-01"):
        province("add-payout", "--unit", "GT", "--programme", "visit", "--amount", "1tr", "--on", day)
    return province


def moved_members(ok: Ucli, unit: str, period: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the lines of HH's members in a table of a province, and those of the province."""
    table = ok("movement", "--unit", unit, "--period", period, "--by", "district", "-f", "json").json
    [group] = [it for it in table["groups"] if it["unit"]["code"] == "HH"]
    lines = ("opening", "units_in", "left", "units_out", "closing")
    return tuple({key: it["members"][key] for key in lines} for it in (group, table))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("unit", "period", "lines"),
    [
        ("Thái Bình", "2024-01-01..2024-09-30", (40, 0, 3, 37, 0)),
        ("HD", "2024", (0, 37, 2, 35, 0)),
        ("HD", "2024-Q3", (0, 37, 0, 0, 37)),
        ("Thái Bình", "2024", (40, 35, 3, 37, 35)),
    ],
)
def test_a_group_that_moves_takes_along_who_did_not_leave_that_day(
    moved: Ucli, unit: str, period: str, lines: tuple[int, ...]
) -> None:
    group, whole = moved_members(moved, unit, period)
    assert tuple(group.values()) == tuple(whole.values()) == lines
    assert "Does not balance" not in moved("movement", "--unit", unit, "--period", period, "--by", "district").out


def test_a_group_that_came_back_counts_only_what_it_did_while_it_stood_there(moved: Ucli) -> None:
    def visits(unit: str, *asked: str) -> tuple[int | None, int | None]:
        words = ("report", "--unit", unit, *asked, "--by", "district", "--indicator", "welfare-visits", "-f", "json")
        table = moved(*words).json
        [group] = [it for it in table["groups"] if it["unit"]["code"] == "HH"]
        return group["rows"][0]["actual"], table["rows"][0]["actual"]

    assert visits("Thái Bình", "--period", "2024") == (2, 2)
    assert visits("HD", "--period", "2024") == (2, 2)
    assert visits("Thái Bình", "--period", "2024-09-30..2024-10-01") == (1, 1)


def test_of_a_group_that_stands_elsewhere_on_the_last_day_nothing_is_left_in_the_whole(moved: Ucli) -> None:
    for period, expected in (("2024-01-01..2024-09-30", 0), ("2024-01-01..2024-06-30", 40), ("2024", 35)):
        asked = ("--period", period, "--by", "district", "--indicator", "members-total", "-f", "json")
        groups = moved("report", "--unit", "Thái Bình", *asked).json["groups"]
        assert [it["rows"][0]["actual"] for it in groups if it["unit"]["code"] == "HH"] == [expected]


def test_by_the_structure_of_a_day_before_a_unit_ended_its_stock_is_the_last_day_s(reorganised: Ucli) -> None:
    reorganised("add-member", "Lê Thị Thử", "--union", "MAY", "--admitted", "2024-09-01")
    asked = ("--period", "2024", "--structure", "2024-06-30", "--indicator", "members-total", "-f", "json")
    table = reorganised("report", "--by", "district", *asked).json
    [group] = [it for it in table["groups"] if it["unit"]["code"] == "HH"]
    assert group["rows"][0]["actual"] == 2
    assert group["rows"] == reorganised("report", "--unit", "HH", *asked).json["rows"]
