"""A total that was signed off is held against what is counted, and who changed it is named."""

from tests.conftest import Ucli

HH = ("--unit", "HH", "--period", "2024")


def test_a_signed_total_that_is_counted_no_more_breaks_the_check(province: Ucli, ucli: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01")
    assert ucli("assert-total", "members-admitted", 2, *HH, expect=5).err.startswith("ucli: Counted now are 1")
    province("assert-total", "members-admitted", 1, *HH, "--note", "biên bản")
    assert province("check").out == ""
    province("add-figure", "news-items", 5, "--unit", "MAY", "--period", "2024")
    province("add-member", "Lê Văn Thử", "--union", "TRUONG", "--admitted", "2024-05-02")
    assert province("check").out == ""
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-05-02")
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert (found["code"], found["ref"], found["severity"]) == ("C06-control-total", "1", "fault")
    assert found["what"].endswith("signed off 1, counted now 2; touched by: operation 10.")
    assert ucli("accept-finding", "C06", 1, "--reason", "x").code == 5
    province("undo")
    assert province("check").out == ""


def test_a_total_is_signed_again_and_taken_back(province: Ucli, ucli: Ucli) -> None:
    total = ("assert-total", "news-items")
    province("add-figure", "news-items", "hơn 7", *HH)
    assert ucli(*total, 7, *HH).code == 5
    assert ucli(*total, "50%", *HH).code == 4
    assert ucli(*total, "1.5", *HH).code == 4
    province(*total, "hơn 7", *HH)
    assert "Nothing to change" in province(*total, "hơn 7", *HH).err
    province(*total, 9, *HH, "--yes")
    assert ucli("check").code == 4
    province("undo")
    assert province("check").out == ""
    assert "stands in the way" not in province("undo").err
    assert ucli("undo", 6).code == 0


def test_totals_of_shares_and_stocks_are_held_too(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "unions-congress-held", "56/56", *HH)
    province("assert-total", "unions-congress-held", "56/56", *HH)
    province("assert-total", "unions-total", 1, *HH)
    assert province("check").out == ""
    province("add-union", "CĐCS Mới", "--parent", "HH", "--founded", "2020-03-01")
    answer = ucli("check", "-f", "json", expect=4)
    (found,) = answer.json
    assert "counted now 2; touched by: operation 9" in found["what"]
    assert "sign off the new total with “ucli assert-total”; else undo the operation." in answer.err


def test_a_total_of_growth_may_be_less_than_nothing(province: Ucli, ucli: Ucli) -> None:
    province("add-union", "CĐCS Giày", "--parent", "HH", "--founded", "2023-06-01", "--members", 25)
    province("end-membership", 1, "--members", 3, "--on", "2024-05-01", "--reason", "retired")
    assert ucli("assert-total", "members-net-growth", 3, *HH, expect=5).err.startswith("ucli: Counted now are -3")
    assert province("assert-total", "members-net-growth", -3, *HH, "-f", "json").json["value"] == -3
    assert province("check").out == ""
    province("end-membership", 1, "--members", 2, "--on", "2024-06-01", "--reason", "retired")
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert "signed off -3, counted now -5" in found["what"]
    assert "may not be negative" in ucli("assert-total", "members-lost", -3, *HH, expect=4).err
    assert ucli("assert-total", "members-net-growth", "-x", *HH).code == 2


def test_a_total_below_nothing_swallows_no_option_and_turns_its_hedge_round(province: Ucli, ucli: Ucli) -> None:
    period = ("--period", "2024")
    assert "--unit" in ucli("assert-total", "members-net-growth", -3, "--unit", -5, *period, expect=2).err
    assert ucli("assert-total", "members-net-growth", "--yes", *HH, -3, "--note", "-5", expect=2).out == ""
    signed = province("assert-total", "members-net-growth", "−hơn 5", *HH, "--yes", "-f", "json").json
    assert (signed["value"], signed["qualifier"]) == (-5, "below")


def test_only_who_touched_what_a_total_is_made_of_is_named(province: Ucli, ucli: Ucli) -> None:
    for day in ("2024-05-01", "2024-06-01"):
        province("add-member", "A", "--union", "MAY", "--admitted", day)
    province("add-figure", "news-items", 5, *HH)
    province("assert-total", "news-items", 5, *HH)
    province("assert-total", "members-admitted", 2, *HH)
    province("add-payout", "--unit", "MAY", "--programme", "tet", "--amount", 500000, "--on", "2024-01-20")
    province("end-membership", 1, "--on", "2024-07-01", "--reason", "retired")
    province("set-target", "news-items", 9, *HH)
    province("add-figure", "news-items", 7, "--unit", "KX", "--period", "2024")
    province("void-figure", 1)
    province("add-figure", "news-items", 6, *HH)
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert found["what"].endswith("signed off 5, counted now 6; touched by: operation 15, 16.")


def test_a_total_that_was_signed_off_wrong_names_nobody(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "news-items", 5, *HH)
    province("assert-total", "news-items", 9, *HH, "--yes")
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert found["what"].endswith("counted now 5; nothing touched it since, it was signed off so.")
