"""One payout, one person counts once: what looks recorded twice is asked about, told by imports, listed by `check`."""

import time
from pathlib import Path

import pytest

from tests.conftest import Ucli

GIFT = "--programme visit --amount 500.000 --on 8/3/2024"
MANY = f"{GIFT} --recipients 40"
ADMITTED = "--admitted 2/4/2024 --born 5/5/1992"

Line = tuple[str, str]  # a unit or name, and the rest of the command


def paid(unit: str, words: str) -> list[str]:
    return ["add-payout", "--unit", unit, *words.split()]


def admitted(name: str, words: str) -> list[str]:
    return ["add-member", name, *words.split()]


def found(ucli: Ucli) -> list[tuple[str, str, str]]:
    return [(it["code"], it["ref"], it["severity"]) for it in ucli("check", "-f", "json").json]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("KX", f"{MANY} --decision 12/QĐ"), ("KX", f"{MANY} --decision 12/QĐ")),
        (("KX", f"{MANY} --decision 12/QĐ"), ("Thái Bình", f"{MANY} --decision 12/QĐ")),
        (("Thái Bình", MANY), ("TRUONG", MANY)),
        (("KX", f"{MANY} --decision 12/QĐ"), ("KX", MANY)),
        (("KX", f"{MANY} --decision 12/QĐ"), ("KX", f"{MANY} --decision 12/qđ")),
        (("KX", f"{GIFT} --decision 12/QĐ"), ("KX", f"{GIFT} --decision 12/QĐ --fund Vì-người-nghèo")),
        (
            ("KX", f"{GIFT} --decision 12/QĐ --beneficiary Mẫu"),
            ("TRUONG", f"{GIFT} --decision 12/QĐ --beneficiary mẫu"),
        ),
        (("KX", f"{GIFT} --beneficiary Mẫu"), ("KX", f"{GIFT} --beneficiary Mẫu")),
        (("KX", f"{GIFT} --beneficiary Mẫu"), ("Thái Bình", f"{GIFT} --decision 12/QĐ --beneficiary Mẫu")),
    ],
)
def test_a_payout_like_one_of_the_unit_or_of_one_above_or_below_is_asked_about_and_listed_when_confirmed(
    province: Ucli, ucli: Ucli, first: Line, second: Line
) -> None:
    province(*paid(*first))
    answer = ucli(*paid(*second), expect=4)
    assert "Payout 1 of " in answer.err
    assert "--yes" in answer.err
    assert len(province("payouts", "-f", "json").json) == 1
    assert found(ucli) == []
    province(*paid(*second), "--yes")
    assert found(ucli) == [("C22-payout-twice", "1-2", "warning")]
    province("accept-finding", "C22", "1-2", "--reason", "hai đợt trong ngày")
    province("check")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("KX", f"{GIFT} --decision 12/QĐ --beneficiary Mẫu"), ("KX", f"{GIFT} --decision 12/QĐ --beneficiary Thử")),
        (("KX", f"{GIFT} --decision 12/QĐ --beneficiary Mẫu"), ("KX", f"{GIFT} --decision 12/QĐ")),
        (("KX", GIFT), ("KX", GIFT)),
        (("KX", f"{MANY} --decision 12/QĐ"), ("KX", f"{MANY} --decision 13/QĐ")),
        (("KX", MANY), ("HH", MANY)),
        (("KX", MANY), ("KX", MANY.replace("500.000", "500.001"))),
        (("KX", MANY), ("KX", MANY.replace("8/3", "9/3"))),
        (("KX", MANY), ("KX", MANY.replace("visit", "tet"))),
        (("KX", f"{MANY} --fund A"), ("KX", f"{MANY} --fund B")),
    ],
)
def test_payouts_that_differ_in_something_are_two(province: Ucli, first: Line, second: Line) -> None:
    province(*paid(*first))
    province(*paid(*second))
    province("check")


@pytest.mark.parametrize("unit", ["KX", "Thái Bình"])
def test_a_payout_to_one_member_by_one_decision_is_asked_about_whatever_its_programme(
    province: Ucli, ucli: Ucli, unit: str
) -> None:
    province(*admitted("Lê Thử", "--union TRUONG --admitted 2/4/2024"))
    gift = f"{GIFT} --decision 12/QĐ --member 1"
    province(*paid("KX", gift))
    again = paid(unit, gift.replace("visit", "tet"))
    told = ucli(*again, expect=4).err
    assert "has the same day, decision, amount and recipient, under two programmes" in told
    assert "--yes" in told
    province(*again, "--yes")
    assert found(ucli) == [("C22-payout-twice", "1-2", "warning")]


def test_gifts_to_two_members_of_one_name_are_two_and_who_was_erased_is_like_nobody(province: Ucli) -> None:
    for card in ("T1", "T2"):
        province(*admitted("Mẫu", f"--union MAY --admitted 2/4/2024 --card {card}"))
        province(*paid("HH", f"{GIFT} --decision 12/QĐ --member {card}"))
    province("check")
    for number in (1, 2):
        province("erase-member", number, "--confirm", "Mẫu")
    province("check")


def test_an_import_takes_a_payout_that_was_recorded_before_and_names_its_line(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    province(*paid("Thái Bình", f"{MANY} --decision 12/QĐ"))
    file = tmp_path / "a.csv"
    head = "Đơn vị;Chương trình;Ngày chi;Số tiền;Số người nhận;Số quyết định\n"
    rows = ["KX;visit;8/3/2024;500.000;40;12/QĐ", "KX;visit;9/3/2024;500.000;40;", "HH;tet;9/3/2024;1tr;1;"]
    file.write_text(head + "\n".join([*rows, *rows[1:]]), encoding="utf-8")
    answer = province("import", "payouts", file, "-f", "json")
    assert (answer.json["new"], answer.json["doubtful"]) == (5, [2, 5])
    assert "Line 2: Payout 1 of LĐLĐ tỉnh Thái Bình has the same day" in answer.err
    assert "Line 5: Line 3 has the same day" in answer.err
    assert found(ucli) == [("C22-payout-twice", "1-2", "warning"), ("C22-payout-twice", "3-5", "warning")]
    assert province("import", "payouts", file, "-f", "json").json["unchanged"] == 5


def test_who_is_a_member_elsewhere_by_name_and_birth_date_is_asked_about_and_listed_when_confirmed(
    province: Ucli, ucli: Ucli
) -> None:
    province(*admitted("Mạc Văn Thử", f"--union MAY {ADMITTED}"))
    assert "already in this union: number 1" in ucli(*admitted("Mac Van Thu", f"--union MAY {ADMITTED}"), expect=4).err
    second = admitted("Mac Van Thu", f"--union TRUONG {ADMITTED.replace('2/4', '3/7')}")
    answer = ucli(*second, expect=4)
    assert "A member of CĐCS May Hưng Hà at that time has the same name and birth date" in answer.err
    assert "--yes" in answer.err
    assert "Thu" not in answer.err
    assert found(ucli) == []
    province(*second, "--yes")
    assert found(ucli) == [("C14-namesakes", "1-2", "warning")]
    assert "of two unions" in ucli("check").out
    province("accept-finding", "C14", "1-2", "--reason", "hai người")
    # Whoever moves on is still the one who was accepted.
    province("transfer-member", "no:2", "--to", "MAY", "--on", "1/9/2024")
    province("check")


@pytest.mark.parametrize(
    ("first", "then", "second"),
    [
        (ADMITTED, "", ADMITTED.replace("5/5", "6/5")),
        (ADMITTED, "", "--admitted 2/4/2024"),
        ("--admitted 2/4/2024", "", ADMITTED),
        (ADMITTED, "end-membership 1 --on 1/7/2024 --reason resigned", ADMITTED.replace("2/4", "1/7")),
        (f"{ADMITTED} --id-number 034192000011", "", f"{ADMITTED} --id-number 034192000012"),
    ],
)
def test_who_was_born_another_day_left_before_or_has_another_id_number_is_somebody_else(
    province: Ucli, first: str, then: str, second: str
) -> None:
    province(*admitted("Mạc Văn Thử", f"--union MAY {first}"))
    if then:
        province(*then.split())
    province(*admitted("Mạc Văn Thử", f"--union TRUONG {second}"))
    province("check")


def test_an_identity_number_of_nine_digits_and_one_of_twelve_may_be_one_persons(province: Ucli, ucli: Ucli) -> None:
    province(*admitted("Mạc Văn Thử", f"--union MAY {ADMITTED} --id-number 151234567"))
    ucli(*admitted("Mạc Văn Thử", f"--union TRUONG {ADMITTED} --id-number 034192000012"), expect=4)


def test_an_import_takes_who_is_a_member_elsewhere_names_the_line_and_check_lists_it(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    province(*admitted("Mạc Văn Thử", f"--union MAY {ADMITTED}"))
    province("end-membership", "1", "--on", "1/12/2024", "--reason", "resigned")
    file = tmp_path / "a.csv"
    rows = ["Mac Van Thu;TRUONG;3/7/2024;5/5/1992", "Mạc Văn Thử;TRUONG;2/12/2024;6/5/1992"]
    file.write_text("Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh\n" + "\n".join(rows), encoding="utf-8")
    answer = province("import", "members", file, "-f", "json")
    # From July to December the first one was a member of both.
    assert (answer.json["new"], answer.json["doubtful"]) == (2, [2])
    assert "Line 2: Same name and birth date as a member of CĐCS May Hưng Hà" in answer.err
    assert found(ucli) == [("C14-namesakes", "1-2", "warning")]


def test_a_list_in_which_thousands_have_one_name_and_birth_date_costs_little_more_than_any_other(
    province: Ucli, tmp_path: Path
) -> None:
    seconds = {}
    for kind, days in ("any", range(1, 29)), ("alike", range(5, 6)):
        file = tmp_path / f"{kind}.csv"
        rows = (
            f"Mạc Văn Thử;{('MAY', 'TRUONG')[it % 2]};2/4/2024;"
            f"{days[it % len(days)]}/5/{1960 + it * len(days) // 2_000};{kind}{it}\n"
            for it in range(2_000)
        )
        file.write_text("Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh;Số thẻ\n" + "".join(rows), encoding="utf-8")
        begun = time.process_time()
        answer = province("import", "members", file, "--yes", "-f", "json")
        seconds[kind] = time.process_time() - begun
    assert answer.json["new"] == 2_000
    assert len(answer.json["doubtful"]) >= 1_998
    assert seconds["alike"] < 40 * seconds["any"]  # alone each costs ten times as much, compared with all a thousand


def test_the_line_is_named_right_behind_one_that_went_on_in_another_union(province: Ucli, tmp_path: Path) -> None:
    province("add-union", "CĐCS Xưởng Hưng Hà", "--parent", "HH", "--founded", "1/1/2022", "--code", "XUONG")
    province("merge-unit", "XUONG", "--into", "MAY", "--on", "1/1/2024")
    file = tmp_path / "a.csv"
    rows = ["Lê Văn Thử;XUONG;1/2/2023;1/1/1990", "Mạc Văn Thử;MAY;2/4/2024;5/5/1992"]
    rows += ["Mạc Văn Thử;TRUONG;2/4/2024;5/5/1992", "Lê Văn Thử;TRUONG;2/4/2024;1/1/1990"]
    file.write_text("Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh\n" + "\n".join(rows), encoding="utf-8")
    answer = province("import", "members", file, "-f", "json")
    assert answer.json["doubtful"] == [4, 5]
    assert "Line 4: Same name and birth date as line 3" in answer.err
    assert "Line 5: Same name and birth date as line 2" in answer.err


def test_on_a_terminal_the_question_is_asked(
    province: Ucli, ucli: Ucli, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    province(*paid("KX", MANY))
    monkeypatch.setattr("ucli.cli.session.can_ask", lambda: True)
    assert ucli(*paid("KX", MANY), stdin="n\n").code == 4
    answer = ucli(*paid("KX", MANY), stdin="y\n", expect=0)
    assert "Payout 1 of LĐLĐ huyện Kiến Xương" in answer.err
    assert "Record it as it is?" in answer.err
    assert len(province("payouts", "-f", "json").json) == 2


def test_a_question_that_nobody_answers_writes_nothing(
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    province(*paid("KX", MANY))
    for module in ("session", "commands"):
        monkeypatch.setattr(f"ucli.cli.{module}.can_ask", lambda: True)
    ucli(*paid("KX", MANY), expect=130)
    ucli("add-member", "A", "--union", "MAY", expect=130)
    assert len(province("payouts", "-f", "json").json) == 1


def test_money_returned_twice_on_one_day_is_asked_about(province: Ucli, ucli: Ucli) -> None:
    province("add-payout", "--unit", "MAY", "--programme", "tet", "--amount", "5tr", "--on", "2025-02-01")
    back = ("return-payout", 1, "--amount", "1tr", "--on", "2025-02-03")
    province(*back)
    assert "has the same day, programme, amount" in ucli(*back, expect=4).err
    province(*back, "--yes")
    assert "C22" in ucli("check", expect=4).out


def test_whose_number_a_former_member_had_is_that_member_again(province: Ucli, ucli: Ucli) -> None:
    member = ("add-member", "Mạc Văn Thử", "--union", "MAY", "--card", "T1", "--admitted")
    province(*member, "2023-06-01", "--born", "1990-01-01")
    province("end-membership", 1, "--on", "2023-09-01", "--reason", "resigned")
    province(*member, "2024-03-01")
    assert "C08" not in province("check").out
    other = ("add-member", "Lê Thị Dụ", "--union", "TRUONG", "--card", "T1", "--admitted", "2025-03-01")
    assert "already in the ledger: number 1" in ucli(*other, expect=5).err


def test_what_a_closed_report_says_beside_its_numbers_stays_too(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "news-items", 5, "--unit", "KX", "--period", "2024-H1")
    province("merge-unit", "HH", "--into", "KX", "--on", "2024-07-01")
    figure = ("add-figure", "news-items", 6, "--unit", "KX", "--period", 2024)
    province(*figure, "--with-predecessors")
    province("set-target", "news-items", 10, "--unit", "KX", "--period", 2024)
    province("close-period", 2024)
    for command in (
        (*figure, "--own-only", "--replace"),
        (*figure, "--reason", "muộn"),
        ("set-target", "news-items", "từ 10 trở lên", "--unit", "KX", "--period", 2024),
    ):
        assert "is closed" in ucli(*command, expect=5).err
