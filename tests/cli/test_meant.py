"""What is typed as people say it is answered with what it is called here."""

import shlex
from datetime import date

import pytest

from tests.conftest import Ucli

YEAR = date.today().year  # noqa: DTZ011


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("report --tháng 6", 2, f"--period T6/{YEAR}"),
        ("report --quy 2", 2, f"--period {YEAR}-Q2"),
        ("report --nam 2025", 2, f"--period {YEAR}"),
        ("report --huyện HH", 2, "--unit"),
        ("report --perod 2024", 2, "--period"),
        ("report tháng 6", 2, f"tháng 6/{YEAR}"),
        ("report 2024 2025", 2, "hai kỳ"),
        ("add-figure news-items '10.000 tin' --unit HH --period 2024", 4, "không phải là số"),
        ("report --period 'quý 2'", 3, f"quý 2/{YEAR}"),
        ("bao-cao", 2, "report"),
        ("xếp-hạng", 2, "rank"),
        ("add-figur x", 2, "add-figure"),
        ("add-figure 'đoàn viên mới' 5 --unit HH --period 2024", 3, "(members-admitted)"),
        ("add-payout --unit HH --programme 'mái ấm công doanh' --amount 5tr", 3, "(shelter)"),
        ("add-member 'Lê Văn Thử' --union HH --admitted 1/1/2024", 3, "LĐLĐ huyện Hưng Hà là quận/huyện"),
        ("add-member 'Lê Văn Thử' --union 'huyen hung ha' --admitted 1/1/2024", 3, "LĐLĐ huyện Hưng Hà là quận/huyện"),
        ("report -o x.doc", 2, ".xlsx, .docx, .tex."),
        ("report --cluster HH", 3, "LĐLĐ huyện Hưng Hà là quận/huyện"),
        ("report -o x.pdf", 2, ".docx"),
        ("report -f pdf", 2, ".docx"),
    ],
)
def test_the_refusal_names_what_was_meant(ok: Ucli, ucli: Ucli, words: str, code: int, said: str) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    ok("add-unit", "LĐLĐ huyện Hưng Hà", "--kind", "district", "--code", "HH")
    assert said in ucli(*shlex.split(words), "--lang", "vi", expect=code).err


def test_all_that_is_missing_is_named_at_once_with_what_may_be_typed(ucli: Ucli) -> None:
    said = ucli("add-payout", "--amount", "5tr", expect=2).err
    assert "What is missing: --unit, --programme." in said
    assert "--programme: shelter, tet, visit" in said
    assert "--amount" not in said
    assert "--union, --admitted" in ucli("add-member", "Lê Văn Thử", expect=2).err
    assert "What is missing: INDICATOR, VALUE, --period, --unit | --cluster." in ucli("add-figure", expect=2).err
    assert "What is missing: VALUE, --period." in ucli("add-figure", "news-items", "--unit", "HH", expect=2).err


@pytest.mark.parametrize("typed", ["Members admitted", "đoàn viên kết nạp mới", "cdcs thanh lap moi", "tin bai"])
def test_an_indicator_is_found_by_what_tables_call_it_and_without_its_commas(province: Ucli, typed: str) -> None:
    province("add-figure", typed, 7, "--unit", "KX", "--period", "May 2024")
    [row] = province("figures", "-f", "json").json
    assert row["indicator"] in ("members-admitted", "unions-founded", "news-items")
    assert row["period"] == "2024-05"
