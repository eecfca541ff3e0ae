"""Exchange between offices: bundles upwards, the structure downwards, and who sent what."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ucli.cli.commands import FileCommand, ReadCommand, WriteCommand, command
from ucli.cli.opening import Said, opened, operation_in, reading, warn_if_open_to_others, writing
from ucli.cli.output import check_place, show, write_file
from ucli.cli.session import answer, current_session, tell
from ucli.cli.values import require_value
from ucli.errors import UsageError
from ucli.exchange import joining, signing, state, structure, taking
from ucli.exchange import origins as known
from ucli.exchange.package import unpacked
from ucli.i18n import _, counted, marked
from ucli.ledger import units
from ucli.ledger.files import beside, is_there
from ucli.ledger.store import looked_into
from ucli.ledger.store import writing as writing_all
from ucli.render.labels import listed
from ucli.values.dates import date_text
from ucli.values.numbers import first_lines, grouped

_CONFLICTS = {
    "unknown-unit": marked("unit not in this ledger"),
    "renamed": marked("unit with another name here"),
    "elsewhere": marked("unit is not at or below the origin's"),
    "other-origin": marked("also counted by another origin for the same months"),
    "unknown-programme": marked("programme not in this ledger"),
    "unknown-indicator": marked("indicator not in this ledger"),
    "other-kind": marked("indicator with another measure or kind here"),
    "stated-here": marked("also stated here; this ledger's figure stays"),
}
_MENDED_BY_STRUCTURE = ("unknown-unit", "renamed", "unknown-programme", "unknown-indicator")
_MOST_TOLD = 12


def _pair(text: str) -> tuple[str, str]:
    there, sign, here = require_value(text).partition("=")
    if not sign or not there.strip() or not here.strip():
        raise UsageError(
            _("“{text}” does not map a unit there to a unit here.").format(text=text[:60]),
            instead=_("Type the code there, =, and the unit here: --map HH=034.01."),
        )
    return there.strip(), here.strip()


@command(WriteCommand)
def add_origin(name: str, unit: str, key: Path, since: date | None = None) -> None:
    with writing() as (op, say):
        found = units.find(op.db, unit)
        known.add_origin(op, name, found, signing.public_key(key), since)
        say(_("Bundles of {name} are accepted for {unit}."), name=name, unit=found, since=since)


@command(WriteCommand)
def end_origin(name: str, on: date | None = None, drop: bool = False) -> None:
    """What was imported from it still counts unless you add --drop; “ucli add-origin” accepts its bundles again."""
    day = on or date.today()  # noqa: DTZ011
    with writing() as (op, say):
        origin = known.find_origin(op.db, name)
        dropped = known.end_origin(op, origin, day, drop=drop)
        done = _("Bundles of {name} have not been accepted since {until}.")
        done += " " + _("Rows that no longer count: {count}.") if drop else ""
        say(done, {"count": grouped(dropped)}, name=origin.name, until=day, dropped=dropped)


@command(FileCommand)
def export_bundle(
    output: Path,
    grain: str = state.MONTH,
    level: str = state.UNIT,
    until: date | None = None,
    key: Path | None = None,
    force: bool = False,
) -> None:
    """It holds sums, figures and awards by unit and no personal data; the office above imports it with “import-bundle”.

    It is signed with the key named by --key or UCLI_KEY, else with one beside the ledger, which is made if there is
    none; send its public half (.pub) to the office above once.
    """
    check_place(output, replace=force)
    with reading() as db:
        made = state.bundle_of(db, state.Extent(grain, level, until), _key(key))
    write_file(output, made.package, replace=force, personal=False)
    text = _("{file} holds the state up to operation {number} and {day}: {sums:sum|sums}, {figures:figure|figures}.")
    day = date_text(date.fromisoformat(str(made.about["until"])))
    text = counted(text, sums=made.sums, figures=made.figures)
    tell(text.format(file=output, day=day, number=made.about["operation"]))
    if made.left_out:
        text = _("Figures of grassroots unions left out: {count}; --level union includes them.")
        tell(text.format(count=grouped(made.left_out)))
    numbers = {"sums": made.sums, "figures": made.figures, "left_out": made.left_out}
    answer({"file": str(output), **made.about, **numbers, "size": len(made.package)})


def _key(named: Path | None) -> Path:
    """Return the signing key; the ledger's own is created if it does not exist."""
    if named or os.environ.get("UCLI_KEY"):
        return named or Path(os.environ["UCLI_KEY"]).expanduser()
    key = beside(current_session().path, ".key")
    if not is_there(key):
        signing.make_key(key)
        public = beside(key, ".pub")
        tell(_("A signing key was made; send {file} to the office above once.").format(file=public))
    return key


@command(FileCommand)
def export_structure(output: Path, unit: str, force: bool = False) -> None:
    """Its targets are included; the results go back up with “ucli export-bundle”."""
    check_place(output, replace=force)
    with reading() as db:
        found = units.find(db, unit)
        package = structure.structure_of(db, found)
    write_file(output, package, replace=force, personal=False)
    tell(_("{file} holds the structure of {unit}.").format(file=output, unit=found.name))
    answer({"file": str(output), "unit": found.code, "size": len(package)})


@command(WriteCommand)
def import_structure(file: Path, replace: bool = False) -> None:
    """Units are matched by code and name; targets replace those the same issuer set before."""
    package = unpacked(file, structure.PROFILE, structure.COLUMNS)
    with writing() as (op, say):
        merged = structure.merge_structure(op, package, replace=replace)
        text = _("{what} differs here and was left as it is; --replace takes over what the file says.")
        say.warnings += first_lines([text.format(what=it) for it in merged.conflicts], _MOST_TOLD)
        done = _("The structure of {unit}: {added:unit|units} added, {rows:row|rows} written.")
        done = counted(done, added=merged.added, rows=op.rows)
        say(done, {"unit": merged.unit}, added=merged.added, conflicts=list(merged.conflicts))


@command(WriteCommand)
def import_bundle(files: Sequence[Path], map_: Sequence[Any] = (), accept_restored: bool = False) -> None:
    """A bundle holds everything its office counts: importing it again changes nothing, an older one is refused.

    What contradicts this ledger is listed and not imported; several bundles are imported together or not at all.
    """
    session = current_session()
    warn_if_open_to_others(session)
    done: list[Said] = []
    with opened() as db:
        renamed = {there.upper(): units.find(db, here).id for there, here in map_}
        bundles = [taking.opened(db, file) for file in files]
        bundles.sort(key=lambda it: (it[0].id, it[1].about["operation"]))
        with writing_all(db):
            for origin, package in bundles:
                with operation_in(db, session.note) as op:
                    say = Said(op)
                    _say_taken(say, taking.take(op, origin, package, renamed, restored=accept_restored))
                done.append(say)
    for say in done:
        say.tell()


def _say_taken(say: Said, taken: taking.Taken) -> None:
    about, name = taken.about, taken.origin.name
    told = [f"{name}: {_(_CONFLICTS[it.kind])}: {it.what}" for it in taken.conflicts]
    say.warnings += first_lines(told, _MOST_TOLD)
    if any(it.kind in _MENDED_BY_STRUCTURE for it in taken.conflicts):
        advice = _(
            "That is not counted yet: import the structure of {name} (“ucli export-structure” there, “ucli "
            "import-structure” here), or map a unit with --map CODE=CODE; then import the bundle again."
        )
        say.warnings.append(advice.format(name=name))
    text = _("Bundle of {name} up to operation {number} and {day}: {added:row|rows} added, {ended} replaced.")
    say(
        counted(text, added=taken.added, ended=taken.ended),
        {"name": name, "number": about["operation"], "day": date_text(date.fromisoformat(about["until"]))},
        origin=name,
        up_to=about["operation"],
        **{key: about[key] for key in ("until", "grain", "level")},
        added=taken.added,
        ended=taken.ended,
        conflicts=[it._asdict() for it in taken.conflicts],
    )


@command(WriteCommand)
def import_ledger(file: Path) -> None:
    """Units, indicators and programmes are matched by code and name; rows are numbered anew.

    A unit whose code is used by another unit here gets a new code, which is shown.
    What is already recorded here stays, and differences are listed; so are members who may be the same person.
    Periods closed there are closed here too, except those of this office itself, whose report has changed.
    """
    with looked_into(file) as source, writing() as (op, say):
        joined = joining.join(op, source)
        text = _("{unit} has the code {here} here: {there} is used by another unit.")
        told = [text.format(unit=it.name, here=it.here, there=it.there) for it in joined.recoded]
        say.warnings += first_lines(told, _MOST_TOLD)
        text = _("{what} differs here, and was not imported.")
        say.warnings += first_lines([text.format(what=it) for it in joined.conflicts], _MOST_TOLD)
        text = _("Members {one} and {other} may be the same person.")
        say.warnings += first_lines([text.format(one=one, other=other) for one, other in joined.twins], _MOST_TOLD)
        done = _("The ledger of {office}: {units:unit|units}, {count:record|records} added.")
        done = counted(done, units=joined.units, count=sum(joined.rows.values()))
        twins = [{"one": one, "other": other} for one, other in joined.twins]
        created = {"office": joined.office, "units": joined.units, **joined.rows}
        recoded = [it._asdict() for it in joined.recoded]
        say(done, **created, recoded=recoded, conflicts=joined.conflicts, twins=twins)


@command(ReadCommand)
def origins(due: date | None = None) -> None:
    with reading() as db:
        records = [dict(it) for it in known.listed_origins(db, due)]
    columns = ["name", "unit", "standing", "counted_to", "up_to", "grain", "level", "units", "taken_by"]
    show(listed(records, [*columns, "since", "ended"]))
