"""Correcting: a wrong row is voided and recorded again. Undo takes back a command, void one row of any age."""

from ucli.errors import NotFoundError, RefusedError
from ucli.language import _
from ucli.ledger.operations import LIVE, Operation
from ucli.ledger.units import Unit

# What may be voided by its number, and the command that lists it.
REGISTERS = {"membership": "members", "payout": "payouts", "figure": "figures", "target": "targets"}

_NAMED_BY_UNIT = (
    ("ancestry", "ancestor"),
    ("cluster_member", "unit"),
    ("membership", "union_unit"),
    ("payout", "unit"),
    ("figure", "unit"),
    ("target", "unit"),
    ("target", "issuer"),
    ("cluster_year", "lead"),
    ("cluster_year", "deputy"),
)


def void(op: Operation, register: str, number: int) -> None:
    """Let a row count no longer.

    Raises:
        NotFoundError: the register has no such row, or has it no more.
        RefusedError: a payout names the member.

    """
    row = op.db.execute(f"SELECT * FROM {register} WHERE id = ? AND to_op = {LIVE}", (number,)).fetchone()
    if row is None:
        raise NotFoundError(
            _("There is no row {number} there.").format(number=number),
            instead=_("“ucli {list}” lists them, the number first.").format(list=REGISTERS[register]),
        )
    if register == "membership" and row["person"] is not None:
        payout = op.db.execute(
            f"SELECT id FROM payout WHERE person = ? AND to_op = {LIVE}", (row["person"],)
        ).fetchone()
        if payout:
            raise RefusedError(
                _("Payout {number} was made to this member.").format(number=payout["id"]),
                instead=_("Void the payout first: ucli void-payout {number}.").format(number=payout["id"]),
            )
    op.end(register, id=number)


def void_unit(op: Operation, unit: Unit) -> None:
    """Let a unit that was recorded by mistake count no longer.

    Raises:
        RefusedError: something was recorded for it.

    """
    for table, column in _NAMED_BY_UNIT:
        others = " AND unit <> ancestor" if table == "ancestry" else ""
        found = op.db.execute(
            f"SELECT count(*) FROM {table} WHERE {column} = ? AND to_op = {LIVE}{others}", (unit.id,)
        ).fetchone()[0]
        if found:
            raise RefusedError(
                _("Other records name {unit} ({count} of them).").format(unit=unit.name, count=found),
                instead=_("Void those first; “ucli log” shows what was recorded."),
            )
    for table in ("unit_name", "unit_life", "ancestry", "cluster_year"):
        op.end(table, **{"cluster" if table == "cluster_year" else "unit": unit.id})
