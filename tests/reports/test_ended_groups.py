"""Groups that ended inside a report's window: what happened on their last days is theirs, to the last union."""

import pytest

from tests.conftest import Ucli


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
    assert actuals(reorganised, "unions-dissolved") == {"": 1, "HH": 1, "KX": None}
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
