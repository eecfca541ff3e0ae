"""Correcting: a wrong row is voided and recorded again. Undo takes back a command, void one row of any age."""

from ucli.errors import NotFoundError, RefusedError
from ucli.i18n import _
from ucli.ledger.operations import NAMED_BY, Operation
from ucli.ledger.units import office
from ucli.values.units import Unit

# What may be voided by its number, and the command that lists it.
REGISTERS = {"membership": "members", "payout": "payouts", "figure": "figures", "target": "targets"}


def void(op: Operation, register: str, number: int) -> None:
    """Let a row count no longer; of a member first what names him or her, and where he or she went on."""
    row = op.db.execute(f"SELECT * FROM {register} WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise NotFoundError(
            _("There is no row {number} there.").format(number=number),
            instead=_("“ucli {list}” lists them, the number first.").format(list=REGISTERS[register]),
        )
    if register == "membership":
        paid = op.db.execute("SELECT id FROM payout WHERE person = ?", (row["person"],)).fetchone()
        if paid:
            raise RefusedError(
                _("Payout {number} was made to this member.").format(number=paid["id"]),
                instead=_("Void the payout first: ucli void-payout {number}.").format(number=paid["id"]),
            )
        other = op.db.execute("SELECT id FROM membership WHERE came_from = ?", (number,)).fetchone()
        if other:
            raise RefusedError(
                _("Member {number} went on in another union, as number {other}.").format(
                    number=number, other=other["id"]
                ),
                instead=_("Void that one first: ucli void-member {number}.").format(number=other["id"]),
            )
    op.end(register, id=number)


def void_unit(op: Operation, unit: Unit) -> None:
    """Let a unit that was recorded by mistake count no longer; a cluster goes with its lists of members.

    Raises:
        RefusedError: something was recorded for it, or the ledger is its own.

    """
    own = office(op.db)
    if own and own.id == unit.id:
        raise RefusedError(_("{unit} is the office whose ledger this is.").format(unit=unit.name))
    named = 0
    for table, column in NAMED_BY[("unit_life", "unit")]:
        others = {"ancestry": " AND unit <> ancestor", "cluster_year": " AND cluster <> :unit"}.get(table, "")
        if (table, column) != ("cluster_member", "cluster"):
            count = f"SELECT count(*) FROM {table} WHERE {column} = :unit{others}"
            named += op.db.execute(count, {"unit": unit.id}).fetchone()[0]
    if named:
        raise RefusedError(
            _("Other records name {unit} ({count} of them).").format(unit=unit.name, count=named),
            instead=_("Void those first; “ucli log” shows what was recorded."),
        )
    for table in ("unit_name", "unit_life", "unit_change", "ancestry"):
        op.end(table, unit=unit.id)
    for table in ("cluster_year", "cluster_member"):
        op.end(table, cluster=unit.id)
