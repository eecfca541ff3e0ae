"""Taking in tables of grassroots unions: each row is a founding; one that is in the ledger stays as it is."""

from collections.abc import Iterable
from datetime import date

from ucli.errors import RefusedError
from ucli.i18n import _, marked
from ucli.ledger import foundings, units
from ucli.ledger.intake.rows import (
    Fault,
    Look,
    Outcome,
    Part,
    Row,
    RowStatus,
    Values,
    cell,
    coded,
    past_day,
    required,
    take_each,
)
from ucli.ledger.lives import life_of, shown
from ucli.ledger.members import admit_founders
from ucli.ledger.operations import Operation
from ucli.values.names import name_of, own_name, same
from ucli.values.numbers import parse_count
from ucli.values.units import CLUSTER, SECTOR_ALIASES, UNION, Unit, require_founders

COLUMNS = ("name", "parent", "founded", "code", "sector", "members", "decision")


def found_all(op: Operation, rows: Iterable[Row], *, confirmed: bool) -> Outcome:
    """Write the foundings of a table.

    Args:
        op: the operation.
        rows: with the columns of `COLUMNS`; a name, a parent and a day must be there.
        confirmed: whether fewer founders than the statute asks for are meant.

    """
    taker = _Foundings(op, confirmed=confirmed)
    outcome = take_each(op, rows, taker.take, taker.parts)
    outcome.doubtful = taker.doubtful
    return outcome


class _Foundings:
    def __init__(self, op: Operation, *, confirmed: bool) -> None:
        self._op = op
        self._look = Look(op)
        self._confirmed = confirmed
        self._founded: dict[int, int] = {}  # by unit, the line of the table that founded it
        self.doubtful: list[Fault] = []

    @property
    def parts(self) -> list[Part]:
        return [
            _name,
            _founded,
            lambda values: self._look.require_known(_parent(values)),
            cell("members", lambda text: require_founders(parse_count(text), confirmed=self._confirmed)),
            cell("sector", _sector),
        ]

    def take(self, row: Row) -> RowStatus:
        values = row.values
        name, founded = _name(values), _founded(values)
        parent = self._look.unit(_parent(values), founded)
        founders = parse_count(values["members"]) if values.get("members") else None
        sector = _sector(values["sector"]) if values.get("sector") else None
        there = self._there(name, parent, values.get("code"), founded.isoformat())
        if there:
            begun = life_of(self._op.db, there.id).begun
            if begun != founded.isoformat():
                if there.id in self._founded:
                    said = _("Line {line} gives it another day of founding.")
                    raise RefusedError(said.format(line=self._founded[there.id]))
                raise RefusedError(
                    _("{unit} is in the ledger already, founded on {day}.").format(unit=there.name, day=shown(begun))
                )
            self._compare(row.line, there, parent, founders, sector)
            return RowStatus.UNCHANGED
        require_founders(founders, confirmed=self._confirmed)
        alike = self._alike(name, parent)
        unit = foundings.add_unit(
            self._op,
            name,
            UNION,
            parent=parent,
            code=values.get("code") or None,
            founded=founded,
            founders=founders,
            sector=sector,
            decision=values.get("decision") or None,
        )
        if founders:
            admit_founders(self._op, unit, founders, founded, values.get("decision") or None)
        if alike:
            said = _("{parent} has “{name}”, code {code}; is it the same union?")
            self.doubtful.append(Fault(row.line, said.format(parent=parent.name, name=alike.name, code=alike.code)))
        self._founded[unit.id] = row.line
        return RowStatus.NEW

    def _compare(self, line: int, there: Unit, parent: Unit, founders: int | None, sector: str | None) -> None:
        """Note where a row says otherwise of a union than the ledger does."""
        known = self._op.db.execute(
            "SELECT l.founders, l.sector, a.ancestor FROM unit_life l JOIN ancestry a ON a.unit = l.unit"
            " WHERE l.unit = ? AND a.depth = 1 ORDER BY a.from_day LIMIT 1",
            (there.id,),
        ).fetchone()
        said = (
            (parent.id, known["ancestor"], _("unit above it")),
            (founders, known["founders"], _("number of founding members")),
            (sector, known["sector"], _("economic sector")),
        )
        others = [what for typed, kept, what in said if typed not in (None, kept)]
        if others:
            text = _("In the ledger already, with another {columns}; that stays as it is.")
            self.doubtful.append(Fault(line, text.format(columns=", ".join(others))))

    def _alike(self, name: str, parent: Unit) -> Unit | None:
        """Return the union under a unit whose own name is the same but for titles and marks."""
        row = self._op.db.execute(
            "SELECT n.unit FROM unit_name n JOIN ancestry a ON a.unit = n.unit AND a.depth = 1 AND a.ancestor = ?"
            " WHERE n.own_name = ? AND n.kind = ?",
            (parent.id, own_name(name), UNION),
        ).fetchone()
        return units.get(self._op.db, row["unit"]) if row else None

    def _there(self, name: str, parent: Unit, code: str | None, founded: str) -> Unit | None:
        """Return the union that a row is about, if the ledger has it: by its code, else by its name under its parent.

        Raises:
            RefusedError: the code is another unit's.

        """
        if not code:
            return foundings.namesake_of(self._op.db, name, parent.id, founded)
        row = self._op.db.execute(
            "SELECT unit FROM unit_name WHERE code = ? COLLATE NOCASE AND kind <> ?", (code, CLUSTER)
        ).fetchone()
        if row is None:
            return None
        borne = self._op.db.execute("SELECT name FROM unit_name WHERE unit = ?", (row["unit"],))
        if not any(same(name, it["name"]) for it in borne.fetchall()):
            if row["unit"] in self._founded:
                raise RefusedError(_("Line {line} has the same code.").format(line=self._founded[row["unit"]]))
            raise RefusedError(_("The code {code} is another unit's.").format(code=code))
        return units.get(self._op.db, row["unit"])


def _name(values: Values) -> str:
    return name_of(required(values, "name", marked("The union has no name.")))


def _founded(values: Values) -> date:
    return past_day(required(values, "founded", marked("The day of the founding is missing.")))


def _parent(values: Values) -> str:
    return required(values, "parent", marked("The unit that it stands under is missing."))


def _sector(text: str) -> str:
    return coded(text, SECTOR_ALIASES, marked("The sector is none of: nhà nước, sự nghiệp, ngoài nhà nước, FDI."))
