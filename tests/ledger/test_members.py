"""A list of members is written alike, however many of it are taken at once."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Ucli
from tests.ledgers import dice_of, seeds, writing
from ucli.errors import UcliError
from ucli.ledger import admissions, units

NAMES = ("Trần Thị Mẫu", "Tran Thi Mau", "Lê Văn Thử", "Lê Văn Thứ", "Ngô Thí Dụ")
BORN = (None, None, "1990-01-01", "1985-05-05", "2024-03-01")
CARDS = (None, None, None, "C1", "C2")
NUMBERS = (None, None, None, "034090000001", "034085000002")
Rows = list[tuple[str, str, str, str | None, str | None, str | None, str | None]]


def listed(dice: Random) -> Rows:
    """Make a list in which many meet each other."""
    one_of = dice.choice
    return [
        (
            one_of(("MAY", "MAY", "TRUONG")),
            one_of(NAMES),
            one_of(("2024-02-03", "2024-06-05")),
            one_of(BORN),
            None,
            one_of(CARDS),
            one_of(NUMBERS),
        )
        for _ in range(dice.randint(1, 20))
    ]


def admitted(path: Path, rows: Rows, *, again: bool) -> list[tuple[object, ...]]:
    """Admit a list, and return what came of each row."""
    with writing(path) as op:
        people = [admissions.Admission(units.find(op.db, it[0]), *it[1:]) for it in rows]
        results = [*admissions.admit(op, people, again=again)]
    return [(it.what,) if isinstance(it, UcliError) else (it.status, it.number, *it.doubts) for it in results]


@pytest.mark.parametrize("seed", seeds(*range(8)))
def test_a_list_is_written_alike_at_once_and_one_by_one(
    province: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice = dice_of(seed)
    lists = [(listed(dice), dice.random() < 0.7) for _ in range(2)]
    said = []
    for at_once in (1, 5, 1000):
        monkeypatch.setattr(admissions, "ROWS_AT_ONCE", at_once)
        path = tmp_path / f"{at_once}.db"
        shutil.copy(tmp_path / "so.db", path)
        results = [admitted(path, rows, again=again) for rows, again in lists]
        with closing(sqlite3.connect(path)) as db:
            spells = db.execute(
                "SELECT m.*, p.name, born, card, id_number FROM membership m JOIN person p ON p.id = person ORDER BY 1"
            ).fetchall()
        said.append((results, spells))
    assert said[0] == said[1] == said[2]
    assert said[0][1]
