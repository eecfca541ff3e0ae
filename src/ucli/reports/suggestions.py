"""Completions of half-typed words: codes of the ledger with their names, one query each."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from ucli.values.names import fold
from ucli.values.periods import built_in
from ucli.values.units import CLUSTER, GRASSROOTS, KINDS, PROVINCE

_MOST = 50

Suggestions = list[tuple[str, str]]  # a code and its name

_UNITS = (
    "SELECT DISTINCT code, name FROM unit_name WHERE kind IN ({kinds})"
    " AND (code LIKE :start OR folded LIKE :word OR folded LIKE :later) ORDER BY code LIMIT {most}"
)
_CODES = {
    "period": "SELECT code, coalesce(name, '') FROM period WHERE code LIKE :start ORDER BY 1 LIMIT {most}",
    "indicator": "SELECT code, name_vi FROM indicator_entry"
    " WHERE (code LIKE :start OR alias LIKE :start) ORDER BY code LIMIT {most}",
    "member": "SELECT r.id, p.name || coalesce(' (' || n.name || ')', '') FROM person p JOIN membership r"
    ' ON r.person = p.id AND r."left" IS NULL LEFT JOIN unit_name n ON n.unit = r.union_unit'
    " AND n.to_day > date('now', 'localtime')"
    " WHERE p.folded LIKE :word OR p.folded LIKE :later OR p.card LIKE :start OR r.id LIKE :start"
    " ORDER BY p.folded, r.id LIMIT {most}",
    "programme": "SELECT code, name_vi FROM programme_entry WHERE code LIKE :start ORDER BY code LIMIT {most}",
}
_AMONG: dict[str, Sequence[str]] = {"unit": KINDS, "union": GRASSROOTS, "cluster": (CLUSTER,), "province": (PROVINCE,)}


def suggestions(db: sqlite3.Connection, kind: str, typed: str) -> Suggestions:
    """Return the units, unions, clusters, provinces, periods, indicators or programmes that a text may begin."""
    kinds = ", ".join(f"'{it}'" for it in _AMONG.get(kind, ()))
    query = _CODES.get(kind, _UNITS).format(most=_MOST, kinds=kinds)
    plain = typed.replace("%", "").replace("_", "")
    bound = {"start": f"{plain}%", "word": f"{fold(plain)}%", "later": f"% {fold(plain)}%"}
    found = [(str(row[0]), row[1]) for row in db.execute(query, bound)]
    return found + _calendar(typed) if kind == "period" else found


def _calendar(typed: str) -> Suggestions:
    """Return the calendar periods that a text begins; if it is empty, those of this year and the last."""
    this_year = date.today().year  # noqa: DTZ011
    years = [typed[:4]] if typed[:4].isdigit() and len(typed) >= 4 else [str(this_year - 1), str(this_year)]
    parts = ["", "-H1", "-H2", *(f"-Q{it}" for it in range(1, 5)), "-9M", *(f"-{it:02d}" for it in range(1, 13)), "u"]
    codes = [year + part for year in years for part in parts if (year + part).startswith(typed)]
    return [(code, window.text()) for code in codes if (window := built_in(code))]
