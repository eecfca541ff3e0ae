"""Whoever was recorded by mistake lends nothing to whoever is recorded anew; a former member stays who he or she is."""

from pathlib import Path

import pytest

from tests.conftest import Ucli

ID_NUMBER = "034190000123"


def add(ucli: Ucli, name: str, *words: str, admitted: str = "2024-03-01", union: str = "MAY") -> str:
    said = ("add-member", name, "--union", union, "--admitted", admitted, "--born", "1990-09-02", "--id-number", "-")
    return ucli(*said, *words, stdin=f"{ID_NUMBER}\n").err


def listed(ucli: Ucli) -> list[tuple[object, ...]]:
    rows = ucli("members", "-f", "json").json
    return [(it["number"], it["name"], it["sex"], it["card"]) for it in rows]


@pytest.fixture
def corrected(province: Ucli) -> Ucli:
    """A member who was recorded (operation 6), voided (7) and recorded anew with other data (8)."""
    add(province, "PHẠM THỊ VÍ", "--sex", "nam")
    province("void-member", "1")
    add(province, "Phạm Thị Ví", "--sex", "nữ", "--card", "77")
    return province


def test_a_correction_holds_what_was_typed_last(corrected: Ucli) -> None:
    assert listed(corrected) == [(2, "Phạm Thị Ví", "female", "77")]
    corrected("undo")
    corrected("undo")
    assert listed(corrected) == [(1, "PHẠM THỊ VÍ", "male", None)]
    corrected("redo", "7")
    corrected("redo", "8")
    assert listed(corrected) == [(2, "Phạm Thị Ví", "female", "77")]


def test_so_does_one_by_import(province: Ucli, tmp_path: Path) -> None:
    head = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ngày sinh;Giới tính;Số CCCD\n"
    table = tmp_path / "a.csv"
    add(province, "PHẠM THỊ VÍ", "--sex", "nam")
    province("void-member", "1")
    table.write_text(f"{head}Phạm Thị Ví;MAY;1/3/2024;2/9/1990;nữ;{ID_NUMBER}\n", "utf-8")
    province("import", "members", table)
    assert listed(province) == [(2, "Phạm Thị Ví", "female", None)]
    province("undo")
    table.write_text(f"{head}Phạm Thị Vĩ;MAY;1/3/2024;2/9/1990;nam;{ID_NUMBER}\n", "utf-8")
    province("import", "members", table)
    assert listed(province) == [(3, "Phạm Thị Vĩ", "male", None)]


def test_taking_the_void_back_is_refused_and_after_a_leaving_named_as_a_duplicate(corrected: Ucli, ucli: Ucli) -> None:
    assert "Operation 8 is in the way" in ucli("undo", "7", expect=5).err
    corrected("end-membership", "2", "--on", "2024-06-01", "--reason", "retired")
    corrected("undo", "7")
    assert "C08-same-person" in ucli("check", expect=4).out


def test_the_earlier_record_is_given_out_and_erased_with_the_member(corrected: Ucli) -> None:
    assert "PHẠM THỊ VÍ" in corrected("export-member", "2").out
    due = corrected("retention", "--years", "1", "-f", "json").json
    assert [(it["number"], it["held_as"]) for it in due] == [(1, "member-taken-back")]
    corrected("erase-member", "1", "--confirm", "Phạm Thị Ví")
    assert listed(corrected) == [(2, "Phạm Thị Ví", "female", "77")]
    corrected("erase-member", "2", "--confirm", "Phạm Thị Ví")
    assert "Ví" not in corrected("export-member", "2").out
    assert corrected("check").code == 0


def test_of_a_former_member_the_ledgers_data_stay_and_it_is_said(corrected: Ucli, tmp_path: Path) -> None:
    corrected("end-membership", "2", "--on", "2024-06-01", "--reason", "moved-away")
    stays = "Already in the ledger, with a different {}; the ledger is not changed."
    assert stays.format("name, sex, card number") in add(
        corrected, "Phạm Thị Vĩ", "--sex", "nam", "--card", "78", union="TRUONG", admitted="2024-07-01"
    )
    corrected("undo")
    table = tmp_path / "a.csv"
    table.write_text(
        "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ngày sinh;Số thẻ;Số CCCD\n"
        f"Phạm Thị Ví;TRUONG;1/7/2024;2/9/1990;78;{ID_NUMBER}\n",
        "utf-8",
    )
    assert stays.format("card number") in corrected("import", "members", table).err


def test_a_merger_takes_along_only_who_counts(corrected: Ucli) -> None:
    corrected("merge-unit", "MAY", "--into", "TRUONG", "--on", "2024-07-01")
    assert [row[1:] for row in listed(corrected)] == [("Phạm Thị Ví", "female", "77")]
    assert corrected("check").code == 0
