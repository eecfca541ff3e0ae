"""What another program did to the file: `check` names it, and a trigger keeps ucli from writing."""

from pathlib import Path

import pytest

from tests.conftest import Ucli, dumped, spoil

TRIGGER = "CREATE TRIGGER len AFTER INSERT ON figure BEGIN UPDATE figure SET value = 9; END"

SLIPPED_IN = (
    "INSERT INTO indicator (id) VALUES (99); INSERT INTO indicator_entry SELECT 99, 'khac', '', name_vi, name_en,"
    " measure, kind, direction, counts, may_exceed, is_state, 0 FROM indicator_entry WHERE indicator = 63"
)


def found_in(ucli: Ucli, *words: object) -> list[tuple[str, str]]:
    return [(it["code"], it["ref"]) for it in ucli("check", "-f", "json", *words, expect=4).json]


@pytest.mark.parametrize(
    ("statement", "code", "ref"),
    [
        (TRIGGER, "C18-schema", "trigger-len"),
        ("CREATE VIEW khac AS SELECT * FROM person", "C18-schema", "view-khac"),
        ("CREATE TABLE khac (a)", "C18-schema", "table-khac"),
        ("CREATE INDEX khac ON figure (value)", "C18-schema", "index-khac"),
        ("DROP INDEX one_figure_a_window", "C18-schema", "index-one_figure_a_window"),
        ("ALTER TABLE period ADD COLUMN khac TEXT", "C18-schema", "table-period"),
        ("INSERT INTO submission VALUES (7, '{}', 'x')", "C05-submission", "submission-7"),
        ("UPDATE indicator_entry SET name_vi = 'Khác' WHERE indicator = 1", "C04-chain", "0"),
        ("UPDATE indicator_entry SET measure = 'đồng' WHERE indicator = 63", "C04-chain", "0"),
        ("UPDATE programme_entry SET name_en = 'Other' WHERE programme = 2", "C04-chain", "0"),
        (
            SLIPPED_IN,
            "C04-chain",
            "0",
        ),
        (
            "DELETE FROM indicator_entry WHERE indicator = 63; DELETE FROM indicator WHERE id = 63",
            "C04-chain",
            "0",
        ),
    ],
)
def test_what_another_program_did_to_the_file_is_found_and_is_no_matter_of_opinion(
    province: Ucli, ucli: Ucli, tmp_path: Path, statement: str, code: str, ref: str
) -> None:
    assert province("check", "-f", "json").json == []
    for part in statement.split("; ") if statement != TRIGGER else [statement]:
        spoil(tmp_path / "so.db", part)
    assert (code, ref) in found_in(ucli)
    assert len({it[0] for it in found_in(ucli)}) == 1
    assert ucli("accept-finding", code, ref, "--reason", "x").code in (5, 7)
    in_english, in_vietnamese = (ucli("check", "-f", "json", "--lang", it).json[0]["what"] for it in ("en", "vi"))
    assert in_english != in_vietnamese
    (tmp_path / "so.db").unlink()


def test_a_view_that_is_gone_is_called_a_view(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    spoil(tmp_path / "so.db", "DROP VIEW figures")
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert found["what"].startswith("The view figures is missing")


def test_where_there_is_a_trigger_nothing_is_written_until_it_is_taken_out(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    spoil(tmp_path / "so.db", TRIGGER)
    before = dumped(tmp_path / "so.db")
    for words in (
        ("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024"),
        ("undo",),
        ("members", "--reveal", "--reason", "x"),
        ("close-period", "2023"),
    ):
        answer = ucli(*words, expect=7)
        assert "len" in answer.err
        assert "DROP TRIGGER" in answer.err
    assert dumped(tmp_path / "so.db") == before
    assert province("units").code == 0
    answer = province("backup", tmp_path / "a.db")
    assert "is whole" not in answer.err
    refused = ucli("restore", tmp_path / "a.db", "--yes", expect=7)
    assert dumped(tmp_path / "so.db") == before
    assert "DROP TRIGGER" in refused.err
    spoil(tmp_path / "a.db", "DROP TRIGGER len")
    ucli("restore", tmp_path / "a.db", "--yes", expect=0)
    assert province("check", "-f", "json").json == []
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")


@pytest.mark.parametrize("at", ["x", "2040-01-01"])
def test_a_time_in_the_log_that_is_none_stops_no_command(province: Ucli, ucli: Ucli, tmp_path: Path, at: str) -> None:
    spoil(tmp_path / "so.db", f"UPDATE operation SET at = '{at}' WHERE number = (SELECT max(number) FROM operation)")
    province("doctor")
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")
    assert "C04-chain" in {it[0] for it in found_in(ucli)}
