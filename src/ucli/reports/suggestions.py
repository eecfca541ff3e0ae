"""What a half-typed name can become: codes of the ledger with the names they stand for, one query each."""

import sqlite3
from collections.abc import Sequence

from ucli.values.names import fold
from ucli.values.units import CLUSTER, KINDS, PROVINCE, UNION

_MOST = 50

Suggestions = list[tuple[str, str]]  # a code, and what it stands for

_UNITS = (
    "SELECT DISTINCT code, name FROM unit_name WHERE kind IN ({kinds})"
    " AND (code LIKE :start OR folded LIKE :word OR folded LIKE :later) ORDER BY code LIMIT {most}"
)
_CODES = {
    "period": "SELECT code, coalesce(name, '') FROM period WHERE code LIKE :start"
    " UNION SELECT code, coalesce(name, '') FROM term WHERE code LIKE :start ORDER BY 1 LIMIT {most}",
    "indicator": "SELECT code, name_vi FROM indicator_entry"
    " WHERE (code LIKE :start OR alias LIKE :start) ORDER BY code LIMIT {most}",
    "programme": "SELECT code, name_vi FROM programme_entry WHERE code LIKE :start ORDER BY code LIMIT {most}",
}
_AMONG: dict[str, Sequence[str]] = {"unit": KINDS, "union": (UNION,), "cluster": (CLUSTER,), "province": (PROVINCE,)}


def suggestions(db: sqlite3.Connection, kind: str, typed: str) -> Suggestions:
    """Return what a text may be the beginning of: a unit, union, cluster, province, period, indicator or programme."""
    kinds = ", ".join(f"'{it}'" for it in _AMONG.get(kind, ()))
    query = _CODES.get(kind, _UNITS).format(most=_MOST, kinds=kinds)
    plain = typed.replace("%", "").replace("_", "")
    bound = {"start": f"{plain}%", "word": f"{fold(plain)}%", "later": f"% {fold(plain)}%"}
    return [(row[0], row[1]) for row in db.execute(query, bound)]
