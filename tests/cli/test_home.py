"""Bare `ucli`, and the ways to ask for help."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import Ucli, shell


def test_ucli_alone_says_where_the_ledger_is_what_is_in_it_and_what_comes_next(ok: Ucli, ucli: Ucli) -> None:
    empty = ok()
    assert "There is no ledger yet" in empty.out
    assert "ucli init " in empty.out
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    ok("add-unit", "LĐLĐ huyện Hưng Hà", "--kind", "district", "--code", "HH")
    ok("add-union", "CĐCS May", "--parent", "HH", "--founded", "15/3/2000", "--members", "12", "--code", "MAY")
    before = ok().out
    assert "Office: LĐLĐ tỉnh Thái Bình" in before
    assert "Units above the grassroots: 2; Grassroots unions: 1; Members: 12; Payouts: 0" in before
    assert "Last operation: 3, " in before
    assert "ucli set-target" in before
    ok("set-target", "news-items", 5, "--unit", "HH", "--period", "2024")
    after = ok("--lang", "vi")
    assert "ucli close-period" in after.out
    assert len(after.out.splitlines()) <= 24
    assert after.err == ""


@pytest.mark.skipif(not shutil.which("script"), reason="there is no script to make a terminal with")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_on_a_terminal_of_80_columns_it_is_one_screen_broken_at_words(ok: Ucli, language: str) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    ok("set-target", "news-items", 5, "--unit", "Thái Bình", "--period", "2024")
    screen = {"COLUMNS": "80", "LINES": "24", "UCLI_LANG": language}
    lines = shell("script -qec ucli /dev/null", env=screen).out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    piped = shell("ucli", env=screen).out
    assert " ".join("\n".join(lines).split()) == " ".join(piped.split())


@pytest.mark.skipif(not shutil.which("script"), reason="there is no script to make a terminal with")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_on_a_terminal_of_80_columns_the_doctor_breaks_no_word(ok: Ucli, language: str) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    said = shell("script -qec 'ucli doctor' /dev/null", env={"COLUMNS": "80", "UCLI_LANG": language})
    head = ok("log", "--head").out.strip()
    assert f"{head[: head.index(':') + 17]}…" in said.out
    assert head in ok("doctor", "-f", "plain").out
    assert {"vi": "Dung lượng trống", "en": "Free space"}[language] in said.out


def test_on_a_terminal_a_new_ledger_is_guided(
    ok: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ucli.cli.organisation.can_ask", lambda: True)
    units, targets = tmp_path / "đơn vị.csv", tmp_path / "chỉ tiêu.csv"
    units.write_text("Tên đơn vị,Loại đơn vị,Đơn vị cấp trên\nCông đoàn xã Hồng An,xã,LĐLĐ huyện Hưng Hà\n", "utf-8")
    targets.write_text("Nội dung thống kê,Đơn vị,Kỳ,Chỉ tiêu\nunions-founded,LĐLĐ tỉnh Thái Bình,2026,50\n", "utf-8")
    below = "LĐLĐ huyện Hưng Hà, Thái Thụy; Công đoàn ngành Y tế"
    answers = f"LĐLĐ tỉnh Thái Bình\n{below}\n{units}\n{targets}\n"
    said = ucli("init", stdin=answers, expect=0)
    assert "The office is LĐLĐ tỉnh Thái Bình" in said.err
    assert "Office: LĐLĐ tỉnh Thái Bình" in said.out
    kinds = {it["name"]: it["kind"] for it in ok("units", "-f", "json").json}
    assert kinds == {
        "LĐLĐ tỉnh Thái Bình": "province",
        "LĐLĐ huyện Hưng Hà": "district",
        "Thái Thụy": "district",
        "Công đoàn ngành Y tế": "sector",
        "Công đoàn xã Hồng An": "ward",
    }
    assert [it["target"] for it in ok("targets", "-f", "json").json] == [50]
    assert ucli("init", expect=0).out == ""


def test_the_guide_lists_the_provinces_and_takes_one_by_its_name_alone(
    ok: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ucli.cli.organisation.can_ask", lambda: True)
    said = ucli("init", stdin="?\nhung yen\n\n\n\n", expect=0)
    assert "Hưng Yên" in said.err.partition("The office is")[0]
    assert "ucli template units" in said.err
    assert [(it["name"], it["code"]) for it in ok("units", "-f", "json").json] == [("LĐLĐ tỉnh Hưng Yên", "33")]


def test_under_the_confederation_the_guide_takes_provinces_by_their_names(
    ok: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ucli.cli.organisation.can_ask", lambda: True)
    ucli("init", stdin="Tổng LĐLĐ Việt Nam\nHà Nội, tinh hung yen, Công đoàn Y tế Việt Nam\n\n\n", expect=0)
    names = [it["name"] for it in ok("units", "-f", "json").json]
    assert {"LĐLĐ thành phố Hà Nội", "LĐLĐ tỉnh Hưng Yên", "Công đoàn Y tế Việt Nam"} < {*names}


@pytest.mark.parametrize("words", [("help", "report"), ("help",), ("help", "--lang", "vi")])
def test_help_is_a_word_too(ok: Ucli, words: tuple[str, ...]) -> None:
    assert ok(*words).out == ok(*words[1:], "--help").out


def test_help_of_a_command_that_is_none_names_the_nearest(ucli: Ucli) -> None:
    assert "Did you mean report" in ucli("help", "reprot", expect=2).err


def test_p_is_short_for_period_and_two_of_either_are_one_too_many(ok: Ucli, ucli: Ucli) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    assert ok("report", "-p", "2024").out == ok("report", "--period", "2024").out
    ucli("report", "-p", "2024", "--period", "2023", expect=2)


def test_lists_are_searched_by_one_option_under_two_names(ok: Ucli) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    ok("add-unit", "LĐLĐ huyện Hưng Hà", "--kind", "district", "--code", "HH")
    ok("add-union", "CĐCS May", "--parent", "HH", "--founded", "15/3/2000", "--code", "MAY")
    ok("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "20/4/2024", "--born", "2/9/1990")
    for command, text in (("units", "hung ha"), ("members", "mau")):
        one, other = (ok(command, option, text).out for option in ("--match", "--name"))
        assert one == other
        assert len(one.splitlines()) >= 2
