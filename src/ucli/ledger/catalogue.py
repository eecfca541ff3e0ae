"""The catalogue in the ledger: indicators, welfare programmes and cross-checks, those shipped and the office's own."""

import re
import sqlite3
from collections.abc import Mapping
from functools import cache
from shlex import quote
from typing import NamedTuple, TypeVar

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.i18n import LANGUAGES, _, chosen
from ucli.ledger.operations import Operation
from ucli.values.cross_checks import CrossCheck, parse_cross_check
from ucli.values.indicators import Indicator
from ucli.values.names import alike, fold, normalised, some_of

_COLUMNS = "indicator, code, alias, name_vi, name_en, measure, kind, direction, counts, may_exceed = 1, is_state = 1"
_FEW = 20  # so many are all named if none is like what was typed
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Programme(NamedTuple):
    id: int
    code: str
    name_vi: str
    name_en: str

    @property
    def name(self) -> str:
        return self.name_vi if chosen() == "vi" else self.name_en


Entry = TypeVar("Entry", Indicator, Programme)


def indicators(db: sqlite3.Connection) -> list[Indicator]:
    """Return the whole catalogue, in the order it was written."""
    return [Indicator(*row) for row in db.execute(f"SELECT {_COLUMNS} FROM indicator_entry ORDER BY indicator")]


def programmes(db: sqlite3.Connection) -> list[Programme]:
    rows = db.execute("SELECT programme, code, name_vi, name_en FROM programme_entry ORDER BY programme")
    return [Programme(*row) for row in rows]


def names(db: sqlite3.Connection) -> dict[str, dict[str, str]]:
    """Return the names of indicators and programmes by code."""
    return {
        "indicator": {it.code: it.name(chosen()) for it in indicators(db)},
        "programme": {it.code: it.name for it in programmes(db)},
    }


def find_indicator(db: sqlite3.Connection, text: str) -> Indicator:
    """Find an indicator by code, Vietnamese alias, name or an unambiguous part of one."""
    codes = {code: it for it in indicators(db) for code in (it.code, it.alias) if code}
    lists = f"ucli indicators --match {quote(text[:60])}"
    typed = fold(text)
    if typed not in codes and (code := short_names().get(typed)) in codes:
        return codes[code]
    return _find(codes, text, lists, _("There is no indicator “{text}”."), _("“ucli indicators” lists them."))


@cache
def short_names() -> dict[str, str]:
    """Return the codes of shipped indicators by their folded short names."""
    from ucli.catalogue import rows_of  # noqa: PLC0415  most commands type a code

    rows = rows_of("indicators")
    return {fold(it[f"short_{language}"]): it["code"] for language in LANGUAGES for it in rows}


def find_programme(db: sqlite3.Connection, text: str) -> Programme:
    """Find a welfare programme by code, name or an unambiguous part of one."""
    lists, advice = "ucli programmes", _("“ucli programmes” lists them; “ucli add-programme” adds one.")
    codes = {it.code: it for it in programmes(db)}
    return _find(codes, text, lists, _("There is no welfare programme “{text}”."), advice)


def _find(codes: Mapping[str, Entry], text: str, lists: str, none: str, advice: str) -> Entry:
    typed = fold(text)
    if typed in codes:
        return codes[typed]
    # Folding every name is slow: only if no code is meant.
    entries = list(dict.fromkeys(codes.values()))
    names = [(it, fold(it.name_vi), fold(it.name_en)) for it in entries]
    found = [it for it, *both in names if typed in both]
    # A comma is often left out.
    bare = typed.replace(",", "")
    found = found or [it for it, *both in names if bare in "\n".join(both).replace(",", "")]
    if len(found) == 1:
        return found[0]
    if found:
        told = _("“{text}” can mean {count}: {candidates}.")
        candidates = some_of(map(_told, found), between="; ")
        raise NotFoundError(
            told.format(text=text[:60], count=len(found), candidates=candidates),
            instead=_("Type the code of the one you mean; “{command}” lists them all.").format(command=lists),
        )
    close = alike(text, {**codes, **{it.name_vi: it for it in entries}, **{it.name_en: it for it in entries}})
    why = None
    if close:
        why = _("Did you mean {names}?").format(names="; ".join(map(_told, close)))
    elif len(entries) <= _FEW:
        why = _("There are: {names}.").format(names="; ".join(map(_told, entries)))
    raise NotFoundError(none.format(text=text[:60]), why=why, instead=advice)


def _told(entry: Indicator | Programme) -> str:
    return f"{entry.name_vi if chosen() == 'vi' else entry.name_en} ({entry.code})"


def add_indicator(
    op: Operation,
    code: str,
    name_vi: str,
    name_en: str,
    alias: str,
    measure: str,
    kind: str,
    direction: str,
    *,
    is_state: bool = False,
    formula: str | None = None,
) -> Indicator:
    """Add an office's own indicator, stated by figures; with a formula, A / B, computed where it is not stated."""
    for name in filter(None, (code, alias)):
        _require_code(op.db, name)
    number = op.new_number("indicator")
    names = (normalised(name_vi), normalised(name_en), normalised(measure))
    counts = _quotient(op.db, formula) if formula else "figures"
    indicator = Indicator(number, code, alias, *names, kind, direction, counts, may_exceed=False, is_state=is_state)
    values = indicator._asdict()
    op.add("indicator_entry", indicator=values.pop("id"), **values)
    return indicator


def _quotient(db: sqlite3.Connection, text: str) -> str:
    """Parse a formula, A / B, into its two indicators."""
    names = [it.strip() for it in text.split("/")]
    if len(names) != 2 or not all(names):
        raise RejectedError(
            _("“{text}” is not a quotient of two indicators.").format(text=text[:80]), instead=_("Type it as “A / B”.")
        )
    parts = [find_indicator(db, it) for it in names]
    if found := next((it for it in parts if it.is_share), None):
        raise RejectedError(_("{code} is a quotient itself.").format(code=found.code), instead=_("Name two numbers."))
    return " / ".join(it.code for it in parts)


def add_programme(op: Operation, code: str, name_vi: str, name_en: str) -> Programme:
    """Add an office's own welfare programme."""
    _require_code(op.db, code)
    programme = Programme(op.new_number("programme"), code, normalised(name_vi), normalised(name_en))
    values = programme._asdict()
    op.add("programme_entry", programme=values.pop("id"), **values)
    return programme


def _require_code(db: sqlite3.Connection, code: str) -> None:
    """Refuse a code that is malformed, or in use by another indicator or programme."""
    require_form(code)
    taken = {name for it in indicators(db) for name in (it.code, it.alias)} | {it.code for it in programmes(db)}
    if code in taken:
        raise RefusedError(_("The code {code} is already in use.").format(code=code), instead=_("Choose another."))


def require_form(code: str) -> None:
    """Refuse a malformed code."""
    if not _CODE.fullmatch(code):
        raise RejectedError(
            _("“{code}” cannot be a code.").format(code=code[:60]),
            instead=_("Use lower-case letters without marks, digits and hyphens, like quy-khuyen-hoc."),
        )


def cross_checks(db: sqlite3.Connection) -> list[CrossCheck]:
    """Return the cross-checks, shipped and the office's own."""
    rows = db.execute("SELECT code, expression, if_missing FROM cross_check ORDER BY op, code")
    return [parse_cross_check(code, text, if_missing, str) for code, text, if_missing in rows]


def add_cross_check(op: Operation, code: str, text: str, if_missing: str) -> CrossCheck:
    """Add a cross-check; the same again changes nothing."""
    check = parse_cross_check(code, text, if_missing, lambda it: find_indicator(op.db, it).code)
    there = next((it for it in cross_checks(op.db) if it.code == code), None)
    if there != check:
        if there:
            raise RefusedError(
                _("The code {code} is already in use.").format(code=code),
                why=there.text(),
                instead=_("Choose another, or void the old one first with “ucli void-check {code}”.").format(code=code),
            )
        require_form(code)
        op.add("cross_check", code=code, expression=check.text(), if_missing=if_missing)
    return check


def void_cross_check(op: Operation, code: str) -> None:
    """Void a cross-check, shipped or own."""
    if not op.end("cross_check", code=code):
        raise NotFoundError(
            _("There is no check “{text}”.").format(text=code[:60]), instead=_("“ucli checks” lists them.")
        )
