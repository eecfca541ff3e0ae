"""Importing a bundle: what an office below sent replaces what counts of it here, in one operation.

A bundle is the whole state of its office, so whatever it no longer holds ends here. Conflicts are not decided: what is
recorded here stays, and what was not imported is listed.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.exchange.origins import Origin, origins
from ucli.exchange.package import SignedPackage, columns_of, unpacked
from ucli.exchange.signing import signer_of
from ucli.exchange.state import COLUMNS, GRAINS, LEVELS, PROFILE, UNIT
from ucli.i18n import _, counted
from ucli.ledger.catalogue import indicators
from ucli.ledger.figures import standing
from ucli.ledger.operations import VERSIONED, Operation
from ucli.ledger.registers import SOURCES, of_kind
from ucli.ledger.verbs import put
from ucli.values.indicators import Indicator
from ucli.values.periods import day_text
from ucli.values.quantities import ESTIMATE, NOT_APPLICABLE, STATED
from ucli.values.units import UNION

_LONGEST_FUND = 300
_SUM = (*VERSIONED["received"], "number", "amount", "unvalued")
_FIGURE = tuple(it.name for it in columns_of(COLUMNS["figures"]))
# A bundle with more of them is another office's, or meant for another one.
_MOST_CONFLICTS = 1000
# All sums of a bundle together; what is more is none of this world, and no report could add it up.
_LARGEST_SUM = 10**16
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{5,30}")
_HEX = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{32})?")


class Conflict(NamedTuple):
    """Something in a bundle that was not imported, or contradicts this ledger: the kind of conflict, and what it is."""

    kind: str
    what: str


class Taken(NamedTuple):
    """The result: which bundle it was, how many rows are new and how many ended, and the conflicts."""

    origin: Origin
    about: Mapping[str, Any]
    added: int
    ended: int
    conflicts: Sequence[Conflict]


def opened(db: sqlite3.Connection, file: Path) -> tuple[Origin, SignedPackage]:
    """Return the origin and the contents of a bundle, once its signature and parts are verified."""
    known, signers = origins(db), list[Origin]()
    keys = {number: it.key for number, it in known.items()}

    def verify(raw: bytes, signature: bytes) -> None:
        number = signer_of(raw, signature, keys) if keys else None
        if number not in known:
            raise RejectedError(
                _("It is not signed with the key of an origin of this ledger, or was changed since."),
                instead=_("“ucli origins” lists them; “ucli add-origin NAME --unit UNIT --key FILE.pub” adds one."),
            )
        signers.append(known[number])
        known[number].require_valid(date.today())  # noqa: DTZ011

    package = unpacked(file, PROFILE, COLUMNS, verify)
    about = package.about
    fits = (
        type(about.get("operation")) is int
        and about["operation"] > 0
        and _MOMENT.fullmatch(str(about.get("recorded")))
        and all(_HEX.fullmatch(str(about.get(it))) for it in ("ledger", "seal"))
        and about.get("grain") in GRAINS
        and about.get("level") in LEVELS
        and _is_day(about.get("until"))
        # One day more, for an office further east.
        and about["until"] <= (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011
    )
    if not fits:
        raise RejectedError(_("{file} does not say which office's bundle it is.").format(file=file.name))
    return signers[0], package


def _is_day(text: object) -> bool:
    try:
        return date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        return False


def take(op: Operation, origin: Origin, package: SignedPackage, renamed: Mapping[str, int], *, restored: bool) -> Taken:
    """Write what a bundle holds, and end what it no longer holds.

    Args:
        op: the operation.
        origin: the office that sent it.
        package: the bundle.
        renamed: the units here by the codes of the same units there.
        restored: accept it even if it does not continue the last one imported.

    """
    last = op.db.execute("SELECT * FROM bundle WHERE origin = ?", (origin.id,)).fetchone()
    if last and not restored:
        _require_later(origin, package, last)
    conflicts: list[Conflict] = []
    units = _units(op.db, origin, package, renamed, conflicts)
    numbered = [(origin.id, *it) for it in units.items()]
    op.replace("origin_unit", ("origin", "number", "unit"), numbered, "origin = :origin", {"origin": origin.id})
    before = op.rows
    ended = _take_sums(op, origin, package, units, conflicts)
    try:
        ended += _take_figures(op, origin, package, units, conflicts)
        ended += _take_awards(op, origin, package, units)
    except sqlite3.IntegrityError:
        raise RejectedError(_("A figure or an award in the bundle is not valid.")) from None
    if len(conflicts) > _MOST_CONFLICTS:
        raise RefusedError(
            counted(_("The bundle contradicts this ledger in {count:place|places}."), count=len(conflicts)),
            why=conflicts[0].what,
            instead=_("Send the structure down first: “ucli export-structure”."),
        )
    keys = ("ledger", "operation", "seal", "recorded", "until", "grain", "level")
    row = {**{it: package.about[it] for it in keys}, "sha256": package.sha256}
    added = op.rows - before - ended
    put(op, "bundle", {"origin": origin.id}, **row)
    return Taken(origin, package.about, added, ended, conflicts)


def _require_later(origin: Origin, package: SignedPackage, last: sqlite3.Row) -> None:
    """Refuse a bundle that is older than the last one imported, or does not continue it."""
    about = package.about
    instead = _("If it is right, repeat the command with --accept-restored.")
    if about["ledger"] != last["ledger"]:
        what = _("{name} used another ledger before.")
        why = _("A new ledger was made there, or one key is used for two ledgers.")
    elif about["operation"] < last["operation"] or about["until"] < last["until"]:
        instead = _(
            "The imported one has all of it: nothing is missing. Only if a backup was restored there since, "
            "repeat the command with --accept-restored."
        )
        what = _("The bundle of {name} is older than the one imported last.")
        why = _(
            "It goes up to operation {number} and {day}; the last one went up to operation {last} and {until}."
        ).format(
            number=about["operation"],
            day=day_text(about["until"]),
            last=last["operation"],
            until=day_text(last["until"]),
        )
    elif dict(package.rows("seals", COLUMNS["seals"])).get(last["operation"]) != last["seal"][:16]:
        what = _("The bundle of {name} does not continue the one imported last.")
        why = _("A backup was restored there since, and other things were recorded.")
    else:
        return
    raise RefusedError(what.format(name=origin.name), why=why, instead=instead)


def _units(
    db: sqlite3.Connection,
    origin: Origin,
    package: SignedPackage,
    renamed: Mapping[str, int],
    conflicts: list[Conflict],
) -> dict[int, int]:
    """Return the units here by their numbers there: as matched before, else by code and name."""
    known = dict(db.execute("SELECT number, unit FROM origin_unit WHERE origin = ?", (origin.id,)).fetchall())
    below = {row[0] for row in db.execute("SELECT DISTINCT unit FROM ancestry WHERE ancestor = ?", (origin.unit,))}
    here: dict[tuple[str, str], set[int]] = defaultdict(set)
    names: dict[str, str] = {}
    for unit, code, name in db.execute("SELECT unit, code, name FROM unit_name ORDER BY from_day"):
        here[code.upper(), name].add(unit)
        names[code.upper()] = name
    there: dict[int, list[tuple[str, str]]] = defaultdict(list)
    unions = set()  # their sums are those of the units above
    for number, code, name, kind, _first, _until in package.rows("units", COLUMNS["units"]):
        there[number].append((code, name))
        if kind == UNION and package.about["level"] == UNIT:
            unions.add(number)
    found: dict[int, int] = {}
    for number, called in there.items():
        code, name = called[-1]
        told = f"{code} {name}"
        meant = {unit for it in called for unit in here.get((it[0].upper(), it[1]), ())}
        asked = next((renamed[it.upper()] for it, _name in called if it.upper() in renamed), None)
        unit = asked or known.get(number) or (meant.pop() if len(meant) == 1 else None)
        other_name = names.get(code.upper())
        if unit is None and number in unions:
            continue
        if unit is None:
            kind = "renamed" if other_name else "unknown-unit"
            conflicts.append(Conflict(kind, f"{told} / {other_name}" if other_name else told))
        elif unit not in below:
            conflicts.append(Conflict("elsewhere", told))
        else:
            found[number] = unit
            if not asked and number in known and not meant and other_name:
                conflicts.append(Conflict("renamed", f"{told} / {other_name}"))
    if not found:
        raise NotFoundError(
            _("None of the units in the bundle is known here as one of {name}.").format(name=origin.name),
            why="; ".join(it.what for it in conflicts[:3]) or None,
            instead=_("Send the structure down first (“ucli export-structure”), or map a unit with --map CODE=CODE."),
        )
    return found


# What another origin counts for the same unit and month, or for a union in the unit above it, or below.
_COUNTED_BY_OTHERS = f"""
WITH own AS (SELECT value AS unit FROM json_each(:units)),
member AS (
    SELECT x.unit, x.ancestor, x.from_day, x.to_day FROM ancestry x
    WHERE x.depth = 1 AND {of_kind("x.unit", UNION)}),
counted AS (
    SELECT own.unit, r.register, r.end_day, r.origin FROM own JOIN received r ON r.unit = own.unit
    UNION ALL
    SELECT own.unit, r.register, r.end_day, r.origin FROM own JOIN member m ON m.unit = own.unit
    JOIN received r ON r.unit = m.ancestor AND m.from_day <= r.place AND r.place < m.to_day
    JOIN bundle b ON b.origin = r.origin AND b.level = 'unit'
    UNION ALL
    SELECT own.unit, r.register, r.end_day, r.origin FROM own JOIN member m ON m.ancestor = own.unit
    JOIN received r ON r.unit = m.unit AND m.from_day <= r.place AND r.place < m.to_day
    WHERE :by_unit)
SELECT DISTINCT unit, register, substr(end_day, 1, 7) FROM counted WHERE origin <> :origin
"""


def _take_sums(
    op: Operation, origin: Origin, package: SignedPackage, units: Mapping[int, int], conflicts: list[Conflict]
) -> int:
    programmes = {code for (code,) in op.db.execute("SELECT code FROM programme_entry")}
    kinds = {
        (it.name, part, sort)
        for it in SOURCES.values()
        for part in (programmes if it.table == "payout" else it.parts)
        for sort in it.sorts
    }
    until, left_out = package.about["until"], set[Conflict]()
    bound = {"units": json.dumps(sorted({*units.values()})), "origin": origin.id}
    bound["by_unit"] = package.about["level"] == UNIT
    others = {(*row,) for row in op.db.execute(_COUNTED_BY_OTHERS, bound)}
    new: dict[tuple[Any, ...], tuple[int, int, int]] = {}
    for unit, register, *told, other, start, end, place, number, amount, unvalued, union in package.rows(
        "sums", COLUMNS["sums"]
    ):
        part, sort, fund = (it or "" for it in told)
        # A union that this ledger has is counted from its own row.
        if unit not in units or union in units:
            continue
        if register == "payouts" and part not in programmes:
            left_out.add(Conflict("unknown-programme", part))
            continue
        fits = (register, part, sort) in kinds and len(fund) <= _LONGEST_FUND and start <= end <= until and place <= end
        if not fits or (register != "payouts" and (amount or unvalued or fund)):
            raise RejectedError(_("A sum in the bundle is not valid: {what}.").format(what=f"{register} {start} {end}"))
        if (units[unit], register, end[:7]) in others:
            left_out.add(Conflict("other-origin", str(op.db.execute(_LAST_CODE, (units[unit],)).fetchone()[0])))
            continue
        met = units.get(other or 0, 0)
        if met == units[unit]:
            continue
        key = (units[unit], register, end, part, sort, fund, met, place, start, origin.id)
        there = new.get(key, (0, 0, 0))
        new[key] = (there[0] + number, there[1] + amount, there[2] + unvalued)
    if any(sum(map(abs, column)) > _LARGEST_SUM for column in zip(*new.values(), strict=True)):
        raise RejectedError(_("The sums in the bundle are too large."))
    conflicts += sorted(left_out)
    return op.replace(
        "received",
        _SUM,
        ((*key, *numbers) for key, numbers in new.items()),
        "origin = :origin AND unit IN (SELECT unit FROM origin_unit WHERE origin = :origin"
        " UNION SELECT unit FROM origin_unit_history WHERE origin = :origin)",
        {"origin": origin.id},
    )


def _take_figures(
    op: Operation, origin: Origin, package: SignedPackage, units: Mapping[int, int], conflicts: list[Conflict]
) -> int:
    catalogue = _indicators(op.db, package, conflicts)
    codes = {it.id: it.code for it in catalogue.values()}
    new: list[tuple[Any, ...]] = []
    kept: set[int] = set()  # the figures of the origin that it states still
    for unit, code, *said in package.rows("figures", COLUMNS["figures"]):
        if unit not in units or code not in catalogue:
            continue
        row = dict(zip(_FIGURE, (units[unit], catalogue[code].id, *said), strict=True))
        _require_figure(row, catalogue[code])
        there = standing(op.db, row)
        is_theirs = there is not None and there["origin"] == origin.id
        if there is None or (is_theirs and _differ(there, row, _FIGURE)):
            new.append((*row.values(),))
        elif is_theirs:
            kept.add(there["id"])
        elif _differ(there, row, ("value", "part", "whole", "kind", "qualifier")):
            (last_code,) = op.db.execute(_LAST_CODE, (there["unit"],)).fetchone()
            told = f"{last_code} {codes[there['indicator']]} {there['period']}"
            conflicts.append(Conflict("stated-here", told))
    bound = {"origin": origin.id, "kept": json.dumps([*kept])}
    ended = op.end_where("figure", "origin = :origin AND id NOT IN (SELECT value FROM json_each(:kept))", bound)
    source = _("from the bundle of {name}, operation {number}").format(name=origin.name, number=op.number)
    rows = [(number, origin.id, source, *row) for number, row in enumerate(new, start=op.next_id("figure"))]
    op.add_all("figure", ("id", "origin", "source", *_FIGURE), rows)
    return ended


def _differ(there: sqlite3.Row, row: Mapping[str, Any], columns: Iterable[str]) -> bool:
    return any(there[column] != row[column] for column in columns)


_LAST_CODE = "SELECT code FROM unit_name WHERE unit = ? ORDER BY from_day DESC LIMIT 1"


def _indicators(db: sqlite3.Connection, package: SignedPackage, conflicts: list[Conflict]) -> dict[str, Indicator]:
    """Return the indicators that are defined alike there and here."""
    here = {it.code: it for it in indicators(db)}
    found = {}
    for code, measure, kind, is_state in package.rows("indicators", COLUMNS["indicators"]):
        ours = here.get(code)
        if ours is None:
            conflicts.append(Conflict("unknown-indicator", code))
        elif (ours.measure, ours.kind, int(ours.is_state)) != (measure, kind, is_state):
            conflicts.append(Conflict("other-kind", f"{code} ({measure}, {kind} / {ours.measure}, {ours.kind})"))
        else:
            found[code] = ours
    return found


def _require_figure(row: Mapping[str, Any], indicator: Indicator) -> None:
    """Refuse a figure that its indicator does not allow."""
    value, part, whole, printed = (row[it] for it in ("value", "part", "whole", "stated_percent"))
    numbers = (part, whole) if indicator.is_share else (value,)
    others = (value,) if indicator.is_share else (part, whole)
    fits = (
        row["kind"] in (STATED, ESTIMATE, NOT_APPLICABLE)
        and row["start_day"] <= row["end_day"]
        and all(it is None for it in others)
        and len({it is None for it in numbers}) == 1
        and (numbers[0] is None and printed is None) == (row["kind"] == NOT_APPLICABLE)
        and (indicator.may_be_negative or all(it is None or it >= 0 for it in numbers))
        and (printed is None or re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", printed))
    )
    if not fits:
        raise RejectedError(
            _("A figure in the bundle is not valid: {what}.").format(what=f"{indicator.code} {row['period']}")
        )


def _take_awards(op: Operation, origin: Origin, package: SignedPackage, units: Mapping[int, int]) -> int:
    key = ("unit", "title", "start_day", "end_day")
    rows = package.rows("awards", COLUMNS["awards"])
    new = {(units[unit], title, start, end): period for unit, title, start, end, period in rows if unit in units}
    ended = 0
    for row in op.db.execute("SELECT * FROM award WHERE person IS NULL").fetchall():
        known = tuple(row[it] for it in key)
        if known in new:
            del new[known]
        elif row["origin"] == origin.id:
            ended += op.end("award", id=row["id"])
    for values, period in new.items():
        op.add("award", id=op.next_id("award"), period=period, origin=origin.id, **dict(zip(key, values, strict=True)))
    return ended
