"""Members who leave, go over and come back; unions that end; and a movement that always balances."""

from typing import Any

import pytest

from tests.conftest import After, Ucli


@pytest.fixture
def members(province_after: After) -> Ucli:
    """Two named members in MAY (1, 2), a group of 40 without names in BX (3)."""
    return province_after("""
        add-member "Trần Thị Mẫu" --union MAY --admitted 2024-04-20 --born 1990-01-01
        add-member "Lê Văn Thử" --union MAY --admitted 2024-04-20 --born 1990-01-01
        add-union "CĐCS Bến xe" --parent KX --founded 2024-03-01 --members 40 --code BX
    """)


def movement(ok: Ucli, *words: object) -> dict[str, Any]:
    return dict(ok("movement", *words, "-f", "json").json)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("nghỉ việc", "left-work"), ("retired", "retired"), ("xin ra", "resigned"), ("CHUYỂN ĐI", "moved-away"),
     ("khai trừ", "expelled"), ("từ trần", "died"), ("giải thể", "union-dissolved")],
)  # fmt: skip
def test_a_member_leaves_for_one_of_the_statutes_reasons(members: Ucli, typed: str, reason: str) -> None:
    members("end-membership", "Lê Văn Thử", "--on", "2024-11-01", "--reason", typed)
    [row] = members("members", "--left", "-f", "json").json
    assert (row["left"], row["left_by"]) == ("2024-11-01", reason)
    assert "Lê Văn Thử" not in members("members", "--union", "MAY").out
    assert "Lê Văn Thử" in members("members", "--union", "MAY", "--on", "2024-10-31").out


def test_some_of_a_group_leave_and_the_others_stay(members: Ucli) -> None:
    members("end-membership", "3", "--members", "15", "--on", "2024-06-01", "--reason", "retired")
    moved = movement(members, "--unit", "BX", "--period", "2024")["members"]
    assert (moved["admitted"], moved["left"], moved["left_by"], moved["closing"]) == (40, 15, {"retired": 15}, 25)


def test_a_transfer_is_neither_an_admission_nor_a_loss(members: Ucli) -> None:
    members("transfer-member", "2", "--to", "TRUONG", "--on", "2024-09-01")
    rows = {row["indicator"]: row["actual"] for row in members("report", "--period", "2024", "-f", "json").json["rows"]}
    assert rows["members-admitted"] == 42
    assert "members-lost" not in rows
    groups = {
        it["unit"]["code"]: it["members"] for it in movement(members, "--by", "district", "--period", "2024")["groups"]
    }
    assert (groups["HH"]["transferred_out"], groups["KX"]["transferred_in"]) == (1, 1)
    whole = movement(members, "--period", "2024")["members"]
    assert (whole["transferred_in"], whole["transferred_out"], whole["closing"]) == (0, 0, 42)


def test_a_transfer_may_have_its_other_end_in_another_ledger(members: Ucli) -> None:
    members("transfer-member", "2", "--elsewhere", "--on", "2024-09-01")
    members("add-member", "Vũ Ví Dụ", "--union", "MAY", "--admitted", "2024-10-01", "--transferred")
    whole = movement(members, "--period", "2024")["members"]
    assert (whole["transferred_in"], whole["transferred_out"], whole["admitted"], whole["difference"]) == (1, 1, 42, 0)


def test_a_former_member_comes_back_as_the_same_person(members: Ucli, ucli: Ucli) -> None:
    assert ucli("readmit-member", "2", "--union", "MAY", "--admitted", "2024-12-01").code == 5
    members("end-membership", "2", "--on", "2024-06-01", "--reason", "left-work")
    assert ucli("readmit-member", "2", "--union", "MAY", "--admitted", "2024-05-01").code == 5
    members("readmit-member", "2", "--union", "TRUONG", "--admitted", "2024-12-01")
    assert [row["name"] for row in members("members", "--union", "TRUONG", "-f", "json").json] == ["Lê Văn Thử"]
    assert ucli("end-membership", "Lê Văn Thử", "--on", "2024-07-01", "--reason", "died").code == 5


def test_a_union_that_ends_takes_its_members_along_and_nobody_resigned(members: Ucli) -> None:
    members("end-union", "BX", "--on", "2025-07-01", "--reason", "giải thể", "--decision", "9/QĐ")
    rows = {row["indicator"]: row["actual"] for row in members("report", "--period", "2025", "-f", "json").json["rows"]}
    assert (rows["members-lost"], rows["members-lost-dissolution"], rows["unions-dissolved"]) == (40, 40, 1)
    whole = movement(members, "--period", "2025")
    assert (whole["members"]["left"], whole["members"]["dissolved"], whole["members"]["closing"]) == (0, 40, 2)
    assert (whole["unions"]["opening"], whole["unions"]["dissolved"], whole["unions"]["closing"]) == (3, 1, 2)
    # The end counts on its day: in July, not in June.
    assert movement(members, "--period", "2025-06")["unions"]["dissolved"] == 0
    assert movement(members, "--period", "2025-07")["unions"]["dissolved"] == 1


def test_unions_that_merge_hand_their_members_over(members: Ucli) -> None:
    members("merge-unit", "BX", "--into", "MAY", "--on", "2025-07-01")
    assert movement(members, "--period", "2025")["members"]["difference"] == 0
    whole = movement(members, "--period", "2025")
    assert (whole["unions"]["merged"], whole["unions"]["dissolved"], whole["members"]["dissolved"]) == (1, 0, 0)
    may = movement(members, "--unit", "MAY", "--period", "2025")["members"]
    assert (may["opening"], may["units_in"], may["closing"], may["admitted"]) == (2, 40, 42, 0)
    rows = members("report", "--period", "2025", "-f", "json").json["rows"]
    assert "unions-dissolved" not in {row["indicator"] for row in rows}


def test_who_is_admitted_late_to_a_union_that_merged_goes_on_in_the_other(members: Ucli) -> None:
    members("merge-unit", "BX", "--into", "MAY", "--on", "2025-07-01")
    members("add-member", "Vũ Ví Dụ", "--union", "BX", "--admitted", "2024-05-01")
    assert "Vũ Ví Dụ" in members("members", "--union", "MAY").out
    assert movement(members, "--period", "2025")["members"]["difference"] == 0


def test_a_stated_stock_moves_with_its_unit(members: Ucli) -> None:
    members("add-figure", "members-total", 5_000, "--unit", "HH", "--period", "2024-12-31")
    members("add-figure", "members-total", 3_000, "--unit", "KX", "--period", "2024-12-31")
    members("end-unit", "HH", "--on", "2025-07-01", "--successor", "KX")
    kx = movement(members, "--unit", "KX", "--period", "2025")["members"]
    assert (kx["opening"], kx["units_in"], kx["closing"], kx["difference"]) == (3_000, 5_000, 8_000, 0)
    hh = movement(members, "--unit", "HH", "--period", "2025")["members"]
    assert (hh["opening"], hh["units_out"], hh["closing"], hh["difference"]) == (5_000, 5_000, 0, 0)
    assert movement(members, "--period", "2025")["members"]["closing"] == 8_000


def test_a_stated_stock_ends_with_its_unit(members: Ucli) -> None:
    members("add-figure", "members-total", 5_000, "--unit", "Thái Bình", "--period", "2024-12-31")
    members("add-figure", "members-total", 600, "--unit", "HH", "--period", "2024-12-31")
    members("move-unit", "MAY", "--to", "KX", "--on", "2025-06-30")
    members("end-unit", "HH", "--on", "2025-07-01")
    whole = movement(members, "--period", "2025")["members"]
    assert (whole["opening"], whole["dissolved"], whole["closing"], whole["difference"]) == (5_000, 598, 4_402, 0)


def test_a_movement_says_where_it_does_not_balance(members: Ucli) -> None:
    members("add-figure", "members-total", 5_000, "--unit", "HH", "--period", "2024-12-31")
    members("add-figure", "members-total", 4_900, "--unit", "HH", "--period", "2025-06-30")
    answer = members("movement", "--unit", "HH", "--period", "2025")
    assert "Does not balance by" in answer.out
    assert "Figure 2 stated 4.900 on 30/06/2025." in answer.out
    assert movement(members, "--unit", "HH", "--period", "2025")["members"]["difference"] == -100


def test_a_statement_of_a_unit_that_has_gone_since_is_named_too(members: Ucli) -> None:
    members("add-figure", "members-total", 5_000, "--unit", "HH", "--period", "2024-12-31")
    members("add-figure", "members-total", 4_900, "--unit", "HH", "--period", "2025-06-30")
    members("move-unit", "MAY", "--to", "KX", "--on", "2025-08-31")
    members("end-unit", "HH", "--on", "2025-09-01")
    assert "Figure 2 stated 4.900 on 30/06/2025." in members("movement", "--period", "2025").out


@pytest.mark.parametrize("quarter", ["2025-Q2", "2025-Q3"])
def test_a_growth_stated_for_days_on_both_sides_of_the_opening_balances(members: Ucli, quarter: str) -> None:
    members("add-figure", "members-total", 5_000, "--unit", "HH", "--period", "2024-12-31")
    members("add-figure", "members-net-growth", 40, "--unit", "HH", "--period", "2025-05-01..2025-08-31")
    members("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2025-06-02")
    found = movement(members, "--unit", "HH", "--period", quarter)["members"]
    assert (found["opening"], found["closing"], found["difference"]) == {
        "2025-Q2": (5_000, 5_001, 0),
        "2025-Q3": (5_001, 5_040, 0),
    }[quarter]


@pytest.mark.parametrize("last", ["2025-03-31", "2025-08-31"])
def test_a_growth_that_a_unit_stated_goes_along_with_it(members: Ucli, last: str) -> None:
    members("add-figure", "members-total", 5_000, "--unit", "HH", "--period", "2024-12-31")
    members("add-figure", "members-net-growth", 40, "--unit", "HH", "--period", f"2025-01-01..{last}")
    members("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01")
    for words in (("--unit", "KX"), (), ("--structure", "now"), ("--structure", "2025-01-01")):
        found = movement(members, "--period", "2025", *words)["members"]
        assert found["difference"] == 0
    assert movement(members, "--unit", "KX", "--period", "2025")["members"]["units_in"] == 5_040


def test_a_movement_is_a_table_for_machines_too(members: Ucli) -> None:
    lines = members("movement", "--by", "district", "--period", "2024", "-f", "csv").out.splitlines()
    assert lines[0].startswith("unit_code,unit,period,what,opening,admitted,")
    assert len(lines) == 1 + 2 * 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("end-membership", "3", "--members", "41", "--on", "2024-06-01", "--reason", "retired"), 4),
        (("end-membership", "3", "--members", "0", "--on", "2024-06-01", "--reason", "retired"), 4),
        (("end-membership", "1", "--on", "2024-04-19", "--reason", "retired"), 5),
        (("end-membership", "1", "--on", "2024-05-19", "--reason", "buồn"), 2),
        (("end-membership", "1", "--on", "2024-04-20", "--reason", "retired"), 5),
        (("end-membership", "99", "--on", "2024-05-19", "--reason", "died"), 3),
        (("transfer-member", "1", "--on", "2024-05-19"), 2),
        (("transfer-member", "1", "--to", "MAY", "--on", "2024-05-19"), 4),
        (("transfer-member", "1", "--to", "BX", "--on", "2024-02-01"), 5),
        (("transfer-member", "1", "--to", "HH", "--on", "2024-05-19"), 3),
        (("members", "--period", "2024"), 2),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    members: Ucli, ucli: Ucli, words: tuple[str, ...], code: int
) -> None:
    before = members("log", "-f", "json").out
    assert ucli(*words).code == code
    assert members("log", "-f", "json").out == before


def test_an_admission_that_went_on_elsewhere_is_not_voided_alone(members: Ucli, ucli: Ucli) -> None:
    members("transfer-member", "2", "--to", "TRUONG", "--on", "2024-09-01")
    assert "Member 4" in ucli("void-member", "2", expect=5).err


def test_what_moved_up_is_shown_beside_the_groups(members: Ucli) -> None:
    members("end-unit", "KX", "--on", "2025-07-01", "--successor", "Thái Bình")
    groups = {it["unit"]["code"]: it for it in movement(members, "--by", "district", "--period", "2025")["groups"]}
    rest = groups[None]
    assert (groups["KX"]["unions"]["units_out"], groups["KX"]["members"]["units_out"]) == (2, 40)
    assert (rest["unions"]["units_in"], rest["members"]["units_in"], rest["members"]["closing"]) == (2, 40, 40)
    assert "In none of these" in members("movement", "--by", "district", "--period", "2025").out


def test_who_has_died_is_not_admitted_again(members: Ucli, ucli: Ucli) -> None:
    members("end-membership", "2", "--on", "2024-06-01", "--reason", "died")
    assert ucli("readmit-member", "2", "--union", "MAY", "--admitted", "2024-12-01").code == 5


def test_a_term_that_is_taken_back_cuts_the_one_before_no_longer(members: Ucli) -> None:
    term = ("--term", "--unit", "Thái Bình", "--from")
    members("add-period", "2023-2028", *term, "2023-09-20", "--to", "2028-09-19")
    members("add-period", "2025-2030", *term, "2025-10-10", "--to", "2030-10-09")
    members("void-period", "2025-2030", "--unit", "Thái Bình")
    assert [row["cut"] for row in members("periods", "-f", "json").json] == [None]


def test_a_group_counts_in_its_whole_only_while_it_stands_there(members: Ucli) -> None:
    members("add-unit", "LĐLĐ tỉnh Hưng Yên", "--kind", "province")
    members("add-payout", "--unit", "KX", "--programme", "tet", "--amount", "5tr", "--on", "2025-02-01")
    members("adopt-2025")
    members("add-payout", "--unit", "KX", "--programme", "tet", "--amount", "7tr", "--on", "2025-08-01")
    for province, paid in (("Thái Bình", 5_000_000), ("Hưng Yên", 7_000_000)):
        asked = (
            "report",
            "--province",
            province,
            "--period",
            "2025",
            "--by",
            "district",
            "--indicator",
            "welfare-amount",
        )
        table = members(*asked, "-f", "json").json
        groups = {it["unit"]["code"]: it["rows"][0]["actual"] for it in table["groups"]}
        assert (groups["KX"], table["rows"][0]["actual"]) == (paid, paid)
    moved = movement(members, "--province", "Hưng Yên", "--by", "district", "--period", "2025")
    kx = next(it for it in moved["groups"] if it["unit"]["code"] == "KX")["members"]
    assert (kx["opening"], kx["units_in"], kx["closing"]) == (0, 40, 40)
    assert sum(it["members"]["units_in"] for it in moved["groups"]) == moved["members"]["units_in"]


def test_a_movement_says_what_a_report_counts_beside_the_registers(members: Ucli) -> None:
    members("add-figure", "members-admitted", "hơn 700", "--unit", "KX", "--period", "2024")
    table = members("movement", "--period", "2024").out
    assert "≥ 70" in table
    assert "a movement counts the registers only" in table


def test_what_figures_state_beyond_the_registers_has_a_line_of_its_own(members: Ucli) -> None:
    members("add-figure", "members-total", "500", "--unit", "KX", "--period", "2023-12-31")
    members("add-figure", "members-admitted", "700", "--unit", "KX", "--period", "2024")
    table = members("movement", "--unit", "KX", "--period", "2024").out
    assert movement(members, "--unit", "KX", "--period", "2024")["members"]["stated"] == 660
    assert "have a line of their own here" in table
    assert "counts the registers only" not in table
