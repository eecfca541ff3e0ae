"""The organisation: an office's ledger, its units and unions, their changes, clusters and periods."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import Any

from ucli.cli import values as read
from ucli.cli.commands import WriteCommand, command
from ucli.cli.opening import writing
from ucli.cli.run import run_other
from ucli.cli.session import ask, can_ask, context, current_session, tell
from ucli.cli.values import require_value
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import changes, clusters, foundings, periods, provinces, settings, units
from ucli.ledger.files import is_there
from ucli.ledger.verbs import only
from ucli.values import units as kinds
from ucli.values.units import Unit

_EVERY_KIND = (*kinds.KINDS, kinds.CLUSTER)


# An office's ledger, and the units in it


@command(WriteCommand)
def init(office: str | None = None, kind: str | None = None) -> None:
    session = current_session()
    there = is_there(session.path)
    if session.dry_run and not there:
        tell(_("A ledger would be created at {path}.").format(path=session.path))
        return
    if not there and session.held and session.held.atomic:
        raise UsageError(
            _("A ledger cannot be created in a batch that may be rolled back."),
            instead=_("Create it first with “ucli init”, then run the batch."),
        )

    is_guided = not there and office is None and can_ask()
    below = ""
    if is_guided:
        office = _office_asked()
        below = ask(_("Units directly below it, separated by commas (Enter: later)"), default="")
    with writing(new=not there) as (op, say):
        unit = foundings.name_office(op, office, kind) if office else None
        takes_provinces = unit is not None and kinds.belongs_under(kinds.PROVINCE, unit.kind)
        for typed in filter(None, map(str.strip, below.replace(";", ",").split(","))):
            name = provinces.office_of(typed) if takes_provinces else typed
            foundings.add_unit(op, read.new_name(name), _kind_below(name, unit), parent=unit)
        say(_("The office is {unit}.") if unit else "", {"unit": unit}, office=unit, path=str(session.path))
        if not there:
            from ucli.cli.safety import warnings_of_place  # noqa: PLC0415  only where a ledger is made

            made = _("A ledger was created at {path}.").format(path=session.path)
            say.what, say.nothing = f"{made} {op.summary}", made
            say.warnings += warnings_of_place(session.path)
    if is_guided:
        tables = {
            "units": _("Table of its units, as a file (“ucli template units” makes one; Enter: later)"),
            "targets": _("Table of this year's targets, as a file (Enter: later)"),
        }
        for table, asked in tables.items():
            if file := ask(asked, default=""):
                run_other(["import", table, file])
        from ucli.cli.home import show_home  # noqa: PLC0415  only on a terminal

        show_home(context())


def _office_asked() -> str:
    """Ask whose ledger it is: a unit by its name in full, or a province of the list, which “?” shows."""
    question = _("The unit whose ledger this is, or its province (?: the list of provinces)")
    while (typed := ask(question).strip()) == "?":
        tell(", ".join(it.name for it in provinces.provinces() if it.code_since))
    return read.new_name(provinces.office_of(typed))


def _kind_below(name: str, above: Unit | None) -> str:
    """Guess a unit's kind by its name; if that cannot be under the parent, take the level below the parent."""
    kind = kinds.kind_in_name(name)
    if above is None or kinds.belongs_under(kind, above.kind):
        return kind
    return next(it for it in ("district", kinds.WARD, kinds.UNION) if kinds.belongs_under(it, above.kind))


@command(WriteCommand)
def add_unit(
    name: str,
    kind: str,
    parent: str | None = None,
    code: str | None = None,
    founded: date | None = None,
    order: int | None = None,
    decision: str | None = None,
) -> None:
    with writing() as (op, say):
        above = units.find(op.db, parent, day=founded) if parent else foundings.under_office(op.db, kind, founded)
        unit = foundings.add_unit(
            op, name, kind, parent=above, code=code, founded=founded, decision=decision, position=order or None
        )
        say.warnings += foundings.doubts_of_place(op.db, name, kind, above)
        say(_("{name} was added, with code {code}."), code=unit.code, name=unit.name, kind=unit.kind, parent=above)


@command(WriteCommand)
def add_union(
    name: str,
    parent: str,
    founded: date,
    sector: str | None = None,
    founders: int | None = None,
    decision: str | None = None,
    code: str | None = None,
) -> None:
    with writing() as (op, say):
        above = units.find(op.db, parent, day=founded)
        founding = foundings.Founding(name, above, founded, code, sector, founders, decision)
        _status, number, doubts = only(foundings.found(op, [founding], confirmed=current_session().yes))
        unit = units.get(op.db, number)
        say.warnings += doubts
        done = _("{name} was founded under {parent}, with code {code}.")
        created = {"code": unit.code, "name": unit.name, "kind": unit.kind, "parent": above}
        say(done, **created, founded=founded, members=founders)


@command(WriteCommand)
def void_unit(unit: str) -> None:
    with writing() as (op, say):
        found = units.find(op.db, unit, among=_EVERY_KIND)
        changes.void_unit(op, found)
        say(_("{name} was voided."), code=found.code, name=found.name)


# Changes of units, each from a day on


@command(WriteCommand)
def rename_unit(
    unit: str,
    on: date,
    name: str | None = None,
    kind: str | None = None,
    code: str | None = None,
    order: int | None = None,
    decision: str | None = None,
) -> None:
    if name is None and kind is None and code is None and order is None:
        raise UsageError(_("No change was named."), instead=_("Give the new name, --kind, --code or --order."))
    with writing() as (op, say):
        found = units.find(op.db, unit, among=_EVERY_KIND, day=on)
        new = changes.rename(op, found, on, name=name, kind=kind, code=code, decision=decision, position=order)
        done = _("{unit} is called {name} ({code}) as of {on}.")
        if order is not None and (name, kind, code) == (None, None, None):
            done = _("{unit} has number {order} in lists.") if order else _("{unit} has no number in lists.")
        say(done, {"unit": found, "order": order}, code=new.code, name=new.name, kind=new.kind, on=on)


@command(WriteCommand)
def move_unit(unit: str, on: date, to: str, decision: str | None = None) -> None:
    with writing() as (op, say):
        found, parent = units.find(op.db, unit, day=on), units.find(op.db, to, day=on)
        changes.move(op, found, parent, on, decision=decision)
        done = _("{name} was moved under {parent} as of {on}.")
        say(done, code=found.code, name=found.name, parent=parent, on=on)


@command(WriteCommand)
def merge_unit(on: date, merged: Sequence[str], into: str, carry: bool = False, decision: str | None = None) -> None:
    with writing() as (op, say):
        found, whole = [units.find(op.db, text, day=on) for text in merged], units.find(op.db, into, day=on)
        carried = changes.merge(op, found, whole, on, decision=decision, carry=carry)
        done = _("{merged}: merged into {into} on {on}.") + _went_over(carried)
        say(done, merged=found, into=whole, on=on, carried=carried)


def _went_over(rows: int) -> str:
    return " " + _("Records moved: {count}.").format(count=rows) if rows else ""


def _part(text: str) -> tuple[str, list[str]]:
    """Parse which units come under a part: PART=UNIT,UNIT."""
    part, sign, below = read.name_text(text).partition("=")
    if not sign:
        raise UsageError(
            _("“{text}” does not say which units go to which part.").format(text=text[:60]),
            instead=_("Type the part as after --into, then =, and the units separated by commas."),
        )
    return part.strip(), [read.name_text(require_value(it)) for it in below.split(",")]


@command(WriteCommand)
def split_unit(
    unit: str,
    on: date,
    into: Sequence[str],
    children: Sequence[Any] = (),
    keep: bool = False,
    decision: str | None = None,
) -> None:
    with writing() as (op, say):
        found = units.find(op.db, unit, day=on)
        given = [(part, units.find(op.db, it)) for part, below in children for it in below]
        parts = changes.split(op, found, into, on, children=given, lives_on=keep, decision=decision)
        say(_("{unit} was split into {into} on {on}."), {"unit": found}, code=found.code, into=parts, on=on)


@command(WriteCommand, "end-unit")
@command(WriteCommand, "end-union")
def end(
    unit: str,
    on: date,
    reason: str | None = None,
    successors: Sequence[str] = (),
    carry: bool = False,
    decision: str | None = None,
) -> None:
    if carry and len(successors) != 1:
        raise UsageError(_("--carry needs exactly one successor."), instead=_("Name it with --successor."))
    with writing() as (op, say):
        found = units.find(
            op.db, unit, among=kinds.GRASSROOTS if context().info_name == "end-union" else kinds.KINDS, day=on
        )
        followed = [units.find(op.db, text, day=on) for text in successors]
        # Without a reason: it was reorganised if it has successors, else dissolved.
        into_unions = all(it.kind in kinds.GRASSROOTS for it in followed)
        usual = (kinds.MERGED if into_unions else kinds.REORGANISED) if followed else kinds.DISSOLVED
        carried = changes.end(op, found, on, reason or usual, successors=followed, decision=decision, carry=carry)
        created = {"code": found.code, "name": found.name, "ended": on, "reason": reason or usual}
        done = _("{name} was closed on {ended}.") + _went_over(carried)
        say(done, **created, successors=followed, carried=carried)


@command(WriteCommand)
def adopt_2025(carry: bool = False) -> None:
    with writing() as (op, say):
        mergers = provinces.adopt_mergers(op, carry=carry)
        carried = sum(it.carried for it in mergers)
        say(
            _("Provinces merged into others on 01/07/2025: {count}.") + _went_over(carried),
            {"count": len(mergers)},
            carried=carried,
            merged=[{"merged": it.merged.code, "into": it.into.code, "units_moved": it.moved} for it in mergers],
        )
        for it in mergers:
            line = _("{merged} → {into}; units directly below moved: {count}.").format(
                merged=it.merged.name, into=it.into.name, count=it.moved
            )
            added = _("{unit} is added to the ledger.").format(unit=it.into.name)
            say.before.append(f"{line} {added}" if it.added else line)


@command(WriteCommand)
def set_letterhead(
    place: str | None = None, signer: str | None = None, signer_title: str | None = None, recipients: str | None = None
) -> None:
    told = {"place": place, "signer": signer, "signer_title": signer_title, "recipients": recipients}
    said = {key: text for key, text in told.items() if text}
    if not said:
        raise UsageError(
            _("No part of the letterhead was given."),
            instead=_("Give --place, --signer, --signer-title or --recipients."),
        )
    with writing() as (op, say):
        now = settings.keep_letterhead(op, said)
        say(
            _("The letterhead of documents was set: {said}."),
            {"said": "; ".join(said.values()).removesuffix(".")},
            **now,
        )


# Clusters of units in a year, periods of the office's own, and terms of units


@command(WriteCommand)
def set_cluster(
    name: str,
    year: int,
    units_: str | None = None,
    from_year: int | None = None,
    lead: str | None = None,
    deputy: str | None = None,
) -> None:
    if (units_ is None) == (from_year is None):
        raise UsageError(
            _("The units of the cluster were not named."),
            instead=_("Give --units, or --from-year for those of another year; one of the two."),
        )
    last = date(year, 12, 31)
    with writing() as (op, say):
        among = clusters.units_in(op.db, name, from_year) if from_year else _named(op.db, units_ or "", last)
        leader, second = (units.find(op.db, part, day=last) if part else None for part in (lead, deputy))
        before = clusters.year_of(op.db, name, year)
        cluster = clusters.set_cluster(op, name, year, among, leader, second)
        done = _("Units of {name} in {year}: {count}.")
        shown: dict[str, object] = {"count": len(among)}
        if before:
            done += " " + _("Replaces: {before} (leading: {led}, deputy: {second}).")
            shown |= {"before": [*before.units], "led": before.lead or "—", "second": before.deputy or "—"}
        created = {"code": cluster.code, "name": cluster.name, "year": year, "units": among}
        replaced = [*before.units] if before and op.rows else None
        say(done, shown, **created, lead=leader, deputy=second, replaced=replaced)


def _named(db: sqlite3.Connection, text: str, day: date) -> list[Unit]:
    """Parse the names of units on a day, separated by commas."""
    named = [part.strip() for part in text.split(",")]
    if not all(named):
        raise UsageError(_("A unit's name is missing between two commas."), instead=_("Type --units A,B,C."))
    return [units.find(db, read.name_text(require_value(part)), day=day) for part in named]


@command(WriteCommand)
def add_period(
    code: str,
    first: date,
    last: date,
    name: str | None = None,
    due: date | None = None,
    family: str | None = None,
    term: bool = False,
    unit: str | None = None,
) -> None:
    if term and family:
        raise UsageError(
            _("A term has no family: the terms of a unit are consecutive anyway."), instead=_("Leave it out.")
        )
    if unit and not term:
        raise UsageError(_("Only a term belongs to a unit."), instead=_("Add --term, or leave --unit out."))
    with writing() as (op, say):
        owner = (units.find(op.db, unit) if unit else units.office(op.db)) if term else None
        if term and owner is None:
            raise UsageError(_("No unit was named for the term."), instead=_("Name the unit with --unit."))
        window, shortened = periods.add_period(op, owner, code, first, last, name, due, family)
        done = _("Term {period} of {unit} was added.") if owner else _("Period {period} was added.")
        shown = {"period": window.text()}
        if shortened:
            done += " " + _("The one before: {before}.")
            shown["before"] = shortened.text()
        created = {"start": first, "end": last, "name": name, "due": due, "unit": owner, "family": family}
        say(done, shown, code=window.code, **created)


@command(WriteCommand)
def void_period(code: str, unit: str | None = None) -> None:
    with writing() as (op, say):
        periods.void_period(op, units.find(op.db, unit) if unit else None, code)
        say(_("Period {period} was voided."), {"period": code}, code=code)
