"""The catalogue in the ledger: indicators and welfare programmes, those shipped and the office's own."""

import re
import sqlite3
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.i18n import _, chosen
from ucli.ledger.operations import Operation
from ucli.values.indicators import Indicator
from ucli.values.names import fold, normalised

_COLUMNS = "indicator, code, alias, name_vi, name_en, measure, kind, direction, counts, may_exceed = 1, is_state = 1"
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Programme(NamedTuple):
    id: int
    code: str
    name_vi: str
    name_en: str

    @property
    def name(self) -> str:
        return self.name_vi if chosen() == "vi" else self.name_en


def indicators(db: sqlite3.Connection) -> list[Indicator]:
    """Return the whole catalogue, in the order it was made."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM indicator_entry ORDER BY indicator")
    return [Indicator(*row) for row in rows]


def find_indicator(db: sqlite3.Connection, text: str) -> Indicator:
    """Return the indicator of a code, a Vietnamese alias, a name or an unambiguous part of one.

    Raises:
        NotFoundError: none or several are meant: the candidates are named.

    """
    catalogue = indicators(db)
    typed = fold(text)
    exact = [it for it in catalogue if typed in (it.code, it.alias)]
    # Folding every name takes longer than all else: only where no code is meant.
    names = [] if exact else [(it, fold(it.name_vi), fold(it.name_en)) for it in catalogue]
    named = [it for it, *both in names if typed in both]
    part = [it for it, *both in names if any(typed in name for name in both)]
    found = exact or named or part
    if len(found) == 1:
        return found[0]
    if found:
        raise _several(text, [f"{it.name(chosen())} ({it.code})" for it in found])
    codes = [name for it in catalogue for name in (it.code, it.alias) if name]
    raise _none(_("There is no indicator “{text}”."), text, codes, _("“ucli indicators” lists them."))


def programmes(db: sqlite3.Connection) -> list[Programme]:
    rows = db.execute(
        "SELECT programme, code, name_vi, name_en FROM programme_entry ORDER BY programme",
    )
    return [Programme(*row) for row in rows]


def find_programme(db: sqlite3.Connection, text: str) -> Programme:
    """Return the welfare programme of a code or a name.

    Raises:
        NotFoundError: none or several are meant.

    """
    typed = fold(text)
    shipped = programmes(db)
    exact = [it for it in shipped if typed == it.code]
    names = [] if exact else [(it, fold(it.name_vi), fold(it.name_en)) for it in shipped]
    named = [it for it, *both in names if typed in both]
    part = [it for it, *both in names if any(typed in name for name in (it.code, *both))]
    found = exact or named or part
    if len(found) == 1:
        return found[0]
    if found:
        raise _several(text, [f"{it.name} ({it.code})" for it in found])
    raise _none(
        _("There is no welfare programme “{text}”."),
        text,
        [it.code for it in shipped],
        _("“ucli programmes” lists them; “ucli add-programme” adds one."),
    )


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
) -> Indicator:
    """Write an indicator of the office's own, stated by figures.

    Raises:
        RejectedError: a code that is not lower-case letters, digits and hyphens.
        RefusedError: the code is taken.

    """
    _require_code(op.db, code)
    if alias:
        _require_code(op.db, alias)
    number = op.db.execute("INSERT INTO indicator DEFAULT VALUES").lastrowid
    assert number is not None  # noqa: S101  an INSERT has a row id
    names = (normalised(name_vi), normalised(name_en))
    op.add(
        "indicator_entry",
        indicator=number,
        code=code,
        alias=alias,
        name_vi=names[0],
        name_en=names[1],
        measure=normalised(measure),
        kind=kind,
        direction=direction,
        counts="figures",
        may_exceed=0,
        is_state=int(is_state),
    )
    measured = normalised(measure)
    return Indicator(
        number, code, alias, *names, measured, kind, direction, "figures", may_exceed=False, is_state=is_state
    )


def add_programme(op: Operation, code: str, name_vi: str, name_en: str) -> Programme:
    """Write a welfare programme of the office's own.

    Raises:
        RejectedError: a code that is not lower-case letters, digits and hyphens.
        RefusedError: the code is taken.

    """
    _require_code(op.db, code)
    number = op.db.execute("INSERT INTO programme DEFAULT VALUES").lastrowid
    assert number is not None  # noqa: S101  an INSERT has a row id
    names = (normalised(name_vi), normalised(name_en))
    op.add(
        "programme_entry",
        programme=number,
        code=code,
        name_vi=names[0],
        name_en=names[1],
    )
    return Programme(number, code, *names)


def _require_code(db: sqlite3.Connection, code: str) -> None:
    if not _CODE.fullmatch(code):
        raise RejectedError(
            _("“{code}” cannot be a code.").format(code=code[:60]),
            instead=_("Use lower-case letters without marks, digits and hyphens, like quy-khuyen-hoc."),
        )
    taken = {name for it in indicators(db) for name in (it.code, it.alias)} | {it.code for it in programmes(db)}
    if code in taken:
        raise RefusedError(_("The code {code} is taken.").format(code=code), instead=_("Choose another."))


def _several(text: str, candidates: list[str]) -> NotFoundError:
    return NotFoundError(
        _("“{text}” can mean {count}: {candidates}.").format(
            text=text[:60],
            count=len(candidates),
            candidates="; ".join(candidates[:12]) + (" …" if len(candidates) > 12 else ""),
        ),
        instead=_("Type the code of the one you mean."),
    )


def _none(sentence: str, text: str, names: Iterable[str], instead: str) -> NotFoundError:
    close = get_close_matches(fold(text), list(names), n=3)
    return NotFoundError(
        sentence.format(text=text[:60]),
        why=_("Did you mean {names}?").format(names=", ".join(close)) if close else None,
        instead=instead,
    )
