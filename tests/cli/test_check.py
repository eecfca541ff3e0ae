"""`check` names what cannot be right, also of a ledger that others changed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Ucli, spoil
from ucli.cli.run import run


@pytest.fixture(scope="module")
def full_ledger(small_province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a ledger with something in nearly every table."""
    path = tmp_path_factory.mktemp("full") / "so.db"
    path.write_bytes(small_province.read_bytes())
    for line in (
        "add-member Mẫu --union MAY --admitted 2024-05-01",
        "add-figure news-items 3 --unit HH --period 2024",
        "add-figure news-items 3 --unit MAY --period 2024-05",
        "set-target news-items 7 --unit HH --period 2024",
        "add-payout --unit HH --programme tet --amount 500000 --on 2024-02-01 --recipients 1",
        "set-cluster Cụm --year 2024 --units HH,KX",
        "end-union TRUONG --on 2025-01-01 --reason employer-ceased",
        "close-period 2023",
    ):
        assert run(["--db", str(path), *line.split()]) == 0
    return path


def test_whatever_was_deleted_or_dropped_check_says_so_and_does_not_stumble(
    ucli: Ucli, full_ledger: Path, tmp_path: Path
) -> None:
    place = tmp_path / "tampered.db"
    with closing(sqlite3.connect(full_ledger)) as db:
        tables = dict(
            db.execute(
                "SELECT m.name, group_concat(c.name) FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.pk"
                " WHERE m.type = 'table' AND m.sql LIKE '%STRICT%' GROUP BY m.name"
            ).fetchall()
        )
        rows = {it: db.execute(f"SELECT count(*) FROM {it}").fetchone()[0] for it in tables}
    assert len(tables) > 20
    for table, key in tables.items():
        first = f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} LIMIT 1)"
        # Of a table with one row there are no others that could stay.
        for statement in (f"DROP TABLE {table}", f"DELETE FROM {table}", first)[: 2 + (rows[table] > 1)]:
            place.write_bytes(full_ledger.read_bytes())
            with closing(sqlite3.connect(place)) as db:
                gone = db.execute(statement).rowcount
                db.commit()
            answer = ucli("check", "--db", place)
            assert answer.code in ((4, 7) if gone else (0,)), (statement, answer)


@pytest.mark.parametrize(
    ("statement", "code", "ref"),
    [
        ("DELETE FROM unit_name WHERE unit = 3", "C01-foreign-key", "unit-3"),
        ("DELETE FROM indicator_entry WHERE indicator = 1", "C01-foreign-key", "indicator-1"),
        ("UPDATE membership SET union_unit = 99", "C01-foreign-key", "membership-unit"),
    ],
)
def test_of_a_ledger_that_cannot_be_counted_it_is_said_where(
    ucli: Ucli, full_ledger: Path, tmp_path: Path, statement: str, code: str, ref: str
) -> None:
    place = tmp_path / "tampered.db"
    place.write_bytes(full_ledger.read_bytes())
    spoil(place, statement)
    found = ucli("check", "--db", place, "-f", "json", expect=4)
    assert (code, ref) in [(it["code"], it["ref"]) for it in found.json]


_WRITTEN_IN = "INSERT INTO person (name, folded, salt, hash, op) VALUES ('Ai Đó', 'ai do', x'00', x'00', 1)"


@pytest.mark.parametrize(
    ("statement", "ref", "said"),
    [
        ("UPDATE person SET name = 'Ai Đó' WHERE id = 1", "membership-1", "member 1 was changed"),
        ("UPDATE person SET id_number = '001190000126' WHERE id = 1", "membership-1", "member 1 was changed"),
        ("UPDATE person SET born = '1990-01-02' WHERE id = 2", "payout-1", "payout 1"),
        (_WRITTEN_IN, "person-4", "Person 4"),
        (
            "UPDATE person SET name = 'Ai Đó', folded = 'ai do' WHERE folded = ''",
            "membership-2",
            "member 2 was changed",
        ),
    ],
)
def test_a_person_changed_or_written_behind_its_back_is_found(
    province: Ucli, ucli: Ucli, tmp_path: Path, statement: str, ref: str, said: str
) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01")
    province(
        *("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "500000", "--on", "2024-02-01"),
        *("--beneficiary", "Đỗ Văn Mẫu"),
    )
    province("add-member", "Lê Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01")
    province("erase-member", 2, "--confirm", "Lê Thị Mẫu")
    assert province("check").out == ""
    spoil(tmp_path / "so.db", statement)
    answer = ucli("check", "-f", "json", expect=4)
    # Who was put in is also more than the operation wrote that it names.
    *_also, last = answer.json
    assert {it["code"] for it in answer.json} == {"C04-chain"}
    assert last["ref"] == ref
    assert said in last["what"]
    assert "Ai Đó" not in answer.out


def test_each_advice_is_given_only_where_it_is_right(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01")
    province("add-figure", "members-admitted", 5, "--unit", "HH", "--period", "2024")
    answer = ucli("check", expect=4)
    assert "accept-finding" in answer.err
    assert "ucli backups" not in answer.err
    spoil(tmp_path / "so.db", "UPDATE membership SET admitted = '2024-06-01'")
    answer = ucli("check", expect=4)
    assert "ucli backups" in answer.err
    (tmp_path / "so.db").unlink()


def test_nothing_found_is_an_empty_list_to_whoever_asked_for_a_format(province: Ucli, tmp_path: Path) -> None:
    assert province("check").out == ""
    assert province("check", "-f", "json").json == []
    province("check", "-o", tmp_path / "phat-hien.csv")
    assert (tmp_path / "phat-hien.csv").read_text().splitlines() == ["code,severity,ref,unit,what,accepted"]
