"""Founding grassroots unions, with the members who are recognised together with them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger import units
from ucli.ledger.foundings import add_unit, namesake_of
from ucli.ledger.lives import life_of, shown
from ucli.ledger.members import begin
from ucli.ledger.operations import Operation
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus, Written, as_it_is, each
from ucli.values.members import FOUNDING
from ucli.values.names import own_name, same
from ucli.values.units import CLUSTER, UNION, Unit, require_founders


class Founding(NamedTuple):
    """A union that is founded, and under which unit."""

    name: str
    parent: Unit
    founded: date
    code: str | None = None
    sector: str | None = None
    founders: int | None = None  # how many members are recognised with it
    decision: str | None = None


def found(
    op: Operation, foundings: Iterable[Founding], *, again: bool = False, confirmed: bool = False
) -> Iterator[Result]:
    """Write the foundings of unions; the number of each is the unit's.

    Of a table that is imported again a union that is in the ledger stays as it is. Fewer founders than the statute asks
    for have to be confirmed.
    """
    named: set[int] = set()  # the unions that rows founded

    def write(row: Founding) -> Written:
        if again and (there := _there(op, row, named)):
            begun = life_of(op.db, there.id).begun
            if begun == row.founded.isoformat():
                return Written(RowStatus.UNCHANGED, there.id, _otherwise(op, there, row))
            if there.id in named:
                raise EarlierRowError(_("Line {line} gives it another day of founding."), there.id)
            raise RefusedError(
                _("{unit} is in the ledger already, founded on {day}.").format(unit=there.name, day=shown(begun))
            )
        require_founders(row.founders, confirmed=confirmed)
        doubts = _alike(op, row)
        unit = add_unit(op, kind=UNION, **row._asdict())
        if row.founders:
            begin(op, unit.id, None, row.founders, row.founded, FOUNDING, decision=row.decision)
        named.add(unit.id)
        return Written(RowStatus.NEW, unit.id, doubts)

    return each(op, foundings, write)


def _there(op: Operation, row: Founding, named: set[int]) -> Unit | None:
    """Return the union that a row is about, if the ledger has it: by its code, else by its name under its parent."""
    if not row.code:
        return namesake_of(op.db, row.name, row.parent.id, row.founded.isoformat())
    names = op.db.execute(
        "SELECT o.unit, o.name FROM unit_name n JOIN unit_name o ON o.unit = n.unit"
        " WHERE n.code = ? COLLATE NOCASE AND n.kind <> ?",
        (row.code, CLUSTER),
    ).fetchall()
    if there := next((it for it in names if same(row.name, it["name"])), None):
        return units.get(op.db, there["unit"])
    if names and names[0]["unit"] in named:
        raise EarlierRowError(_("Line {line} has the same code."), names[0]["unit"])
    if names:
        raise RefusedError(_("The code {code} is another unit's.").format(code=row.code))
    return None


def _otherwise(op: Operation, there: Unit, row: Founding) -> list[str]:
    """Say what a row says otherwise of a union than the ledger does."""
    parent, founders, sector = op.db.execute(
        "SELECT a.ancestor, l.founders, l.sector FROM unit_life l JOIN ancestry a ON a.unit = l.unit"
        " WHERE l.unit = ? AND a.depth = 1 ORDER BY a.from_day LIMIT 1",
        (there.id,),
    ).fetchone()
    said = {
        _("unit above it"): (row.parent.id, parent),
        _("number of founding members"): (row.founders, founders),
        _("economic sector"): (row.sector, sector),
    }
    return as_it_is([what for what, (typed, kept) in said.items() if typed not in (None, kept)])


def _alike(op: Operation, row: Founding) -> list[str]:
    """Ask after the union under the unit that has the same name but for titles and marks."""
    found = op.db.execute(
        "SELECT n.name, n.code FROM unit_name n JOIN ancestry a ON a.unit = n.unit AND a.depth = 1 AND a.ancestor = ?"
        " WHERE n.own_name = ? AND n.kind = ?",
        (row.parent.id, own_name(row.name), UNION),
    ).fetchone()
    said = _("{parent} has “{name}”, code {code}; is it the same union?")
    return [said.format(parent=row.parent.name, **dict(found))] if found else []
