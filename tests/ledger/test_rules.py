"""No operation writes what breaks a rule, whichever command wrote it; and `check` says the same of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Ucli
from ucli.errors import RefusedError
from ucli.i18n import choose
from ucli.ledger.recording import Author, operation
from ucli.ledger.store import open_ledger

MEMBERS = {"union_unit": 4, "members": 5, "begun_by": "admission"}
BROKEN = [
    ("membership", {**MEMBERS, "id": 1, "admitted": "2020-01-01"}, "C07", "Member 1: CĐCS May Hưng Hà was founded on"),
    ("payout", {"id": 1, "unit": 4, "programme": 1, "day": "2020-01-01", "amount": 5, "in_kind": 0, "recipients": 1},
     "C07", "Payout 1: CĐCS May Hưng Hà was founded on 10/05/2023."),
    ("ancestry", {"unit": 4, "ancestor": 3, "depth": 1, "from_day": "2024-01-01", "to_day": "2024-06-01"}, "C25",
     "It is under two units at the same time."),
    ("unit_name", {"unit": 5, "from_day": "2030-01-01", "to_day": "2031-01-01", "code": "may", "name": "A",
                   "folded": "a", "own_name": "a", "kind": "union"}, "C26", "The code MAY belongs to another unit too"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "code", "words"), BROKEN)
def test_what_breaks_a_rule_is_refused_and_found_in_the_same_words(
    province: Ucli, ucli: Ucli, tmp_path: Path, table: str, row: dict[str, object], code: str, words: str
) -> None:
    choose("en")
    with closing(open_ledger(tmp_path / "so.db")) as db:
        with pytest.raises(RefusedError) as refused, operation(db, "add", Author("a", "b")) as op:
            op.add(table, **row)
        # Which row it is need not be said of the one just written.
        assert words.rpartition(": ")[2] in refused.value.what
        assert refused.value.instead
    said = ", ".join(f'"{it}"' for it in row)
    with closing(sqlite3.connect(tmp_path / "so.db")) as db:
        db.execute(f"INSERT INTO {table} ({said}, op) VALUES ({', '.join('?' * (len(row) + 1))})", (*row.values(), 5))
        db.commit()
    found = ucli("check", "-f", "json", expect=4).json
    assert any(words in it["what"] for it in found if it["code"].startswith(code))
