"""Headings of columns, and words for codes, as people read them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ucli.i18n import _, marked
from ucli.render import Sheet
from ucli.render.cells import NOTHING
from ucli.values.dates import date_text, moment_text
from ucli.values.members import ERASED
from ucli.values.periods import Window
from ucli.values.units import NAMES as KINDS_OF_UNIT

HEADINGS = {
    "number": marked("No."),
    "code": marked("Code"),
    "alias": marked("Alias"),
    "name": marked("Name"),
    "name_vi": marked("Vietnamese name"),
    "name_en": marked("English name"),
    "kind": marked("Kind"),
    "parent": marked("Under"),
    "founded": marked("Founded"),
    "sector": marked("Economic sector"),
    "ended": marked("Ended"),
    "union": marked("Grassroots union"),
    "members": marked("Members"),
    "admitted": marked("Admitted"),
    "begun_by": marked("By"),
    "left": marked("Left on"),
    "left_by": marked("Why"),
    "held_as": marked("Held as"),
    "last_payout": marked("Last payout"),
    "born": marked("Born"),
    "sex": marked("Sex"),
    "card": marked("Card"),
    "id_number": marked("ID number"),
    "decision": marked("Decision"),
    "day": marked("Day"),
    "unit": marked("Unit"),
    "programme": marked("Programme"),
    "amount": marked("Cash (đồng)"),
    "in_kind": marked("In kind (đồng)"),
    "recipients": marked("Recipients"),
    "form": marked("Form"),
    "beneficiary": marked("Beneficiary"),
    "fund": marked("Fund"),
    "indicator": marked("Indicator"),
    "period": marked("Period"),
    "value": marked("Value"),
    "part": marked("Part"),
    "whole": marked("Whole"),
    "qualifier": marked("Hedge"),
    "stated_percent": marked("Stated %"),
    "source": marked("Source"),
    "issuer": marked("Issuer"),
    "target_kind": marked("Kind of target"),
    "target": marked("Target"),
    "target_upper": marked("Up to"),
    "target_percent": marked("Target %"),
    "effective": marked("Counts from"),
    "set_by": marked("Set by operation"),
    "replaced_by": marked("Replaced by operation"),
    "start": marked("First day"),
    "end": marked("Last day"),
    "due": marked("Due"),
    "cut": marked("Cut short on"),
    "year": marked("Year"),
    "units": marked("Units"),
    "lead": marked("Leader"),
    "deputy": marked("Deputy"),
    "measure": marked("Measure"),
    "direction": marked("Better"),
    "over_time": marked("Over time"),
    "counts": marked("Counted from"),
    "operation": marked("Operation"),
    "at": marked("At"),
    "actor": marked("By whom"),
    "command": marked("Command"),
    "summary": marked("What"),
    "note": marked("Note"),
    "undone": marked("Undone"),
    "finding": marked("Finding"),
    "sum": marked("Sum"),
    "kept": marked("Kept"),
    "counted": marked("Counted anew"),
    "file": marked("File"),
    "made": marked("Made"),
    "stands": marked("Counts"),
    "size": marked("Size (bytes)"),
    "operations": marked("Operations"),
    "since": marked("Since"),
    "until": marked("Until"),
    "end_reason": marked("Why it ended"),
    "end_decision": marked("Decision on the end"),
    "successor": marked("Followed by"),
    "cluster": marked("Cluster"),
    "state": marked("State"),
    "closed_by": marked("Closed by operation"),
    "open_until": marked("Open until"),
    "sha256": marked("SHA-256"),
    "reason": marked("Reason"),
    "ref": marked("Reference"),
    "severity": marked("Severity"),
    "what": marked("Finding"),
    "accepted": marked("Accepted because"),
    "speaks_for": marked("With predecessors"),
    "received": marked("Received"),
}

WORDS = {
    **KINDS_OF_UNIT,
    "state": marked("state"),
    "public": marked("public service"),
    "non-state": marked("non-state"),
    "fdi": marked("foreign-invested"),
    "founding": marked("founding"),
    "admission": marked("admission"),
    "transfer": marked("transfer"),
    "merged": marked("merged"),
    "split": marked("split"),
    "dissolved": marked("dissolved"),
    "employer-ceased": marked("employer ceased"),
    "against-statute": marked("acted against the statute"),
    "too-few-members": marked("too few members"),
    "reorganised": marked("reorganised"),
    "left-work": marked("left work"),
    "retired": marked("retired"),
    "resigned": marked("resigned"),
    "moved-away": marked("moved away"),
    "expelled": marked("expelled"),
    "died": marked("died"),
    "union-dissolved": marked("union dissolved"),
    "male": marked("male"),
    "female": marked("female"),
    "new-build": marked("new build"),
    "repair": marked("repair"),
    "at-least": marked("at least"),
    "at-most": marked("at most"),
    "range": marked("range"),
    "more-than": marked("more than"),
    "each-at-least": marked("each at least"),
    "below": marked("below"),
    "about": marked("about"),
    "flow": marked("flow"),
    "stock": marked("stock"),
    "ratio": marked("ratio"),
    "average": marked("average"),
    "add": marked("adds up"),
    "latest": marked("the latest counts"),
    "higher": marked("higher"),
    "lower": marked("lower"),
    "exceeded": marked("exceeded"),
    "met": marked("met"),
    "unmet": marked("not met"),
    "undecided": marked("undecided"),
    "no-target": marked("no target"),
    "no-data": marked("no data"),
    "ahead": marked("ahead"),
    "on-track": marked("on track"),
    "behind": marked("behind"),
    "counted": marked("counted"),
    "covered": marked("covered"),
    "left-out": marked("left out"),
    "as-stated": marked("as stated"),
    "estimate": marked("estimate"),
    "stated": marked("stated"),
    "not-applicable": marked("not applicable"),
    "predecessors": marked("with predecessors"),
    "own": marked("own only"),
    "figure": marked("figure"),
    "foundings": marked("register of foundings"),
    "endings": marked("register of endings"),
    "admissions": marked("register of admissions"),
    "leavings": marked("register of departures"),
    "dissolutions": marked("register of departures, unions dissolved"),
    "members": marked("register of members"),
    "unions": marked("register of unions"),
    "passages": marked("units that came or went since"),
    "stated-moves": marked("growth and loss stated since, beyond the registers"),
    "recipients": marked("register of payouts, recipients"),
    "amount": marked("register of payouts, đồng"),
    "by-hand": marked("by hand"),
    "before-import": marked("before an import"),
    "before-restore": marked("before a restore"),
    "closed": marked("closed"),
    "reopened": marked("reopened"),
    "fault": marked("fault"),
    "warning": marked("warning"),
    "former-member": marked("former member"),
    "beneficiary": marked("beneficiary of a payout"),
    "member-taken-back": marked("member, voided"),
    "payout-taken-back": marked("payout, voided"),
}

# Columns whose cells are codes with a word for people.
_CODED = {
    "kind", "sector", "begun_by", "left_by", "sex", "form", "qualifier", "target_kind", "direction", "over_time",
    "made",
    "end_reason", "state", "severity", "held_as", "speaks_for",
}  # fmt: skip
_PERCENTAGES = {"target_percent", "stated_percent"}
# Columns of numbers that are no counts: printed without parting their thousands.
_IDENTIFIERS = {"number", "operation", "set_by", "replaced_by", "year", "closed_by"}


def word(code: str | None) -> str:
    """Return the word for a code in the language spoken; the code itself where there is none."""
    if code is None:
        return NOTHING
    known = code if code in WORDS else code.partition(":")[0]
    return _(WORDS[known]) if known in WORDS else code


def period_in_prose(window: Window) -> str:
    """Return a window as it is spoken of: năm 2025, and any other by its name or code."""
    if re.fullmatch(r"[0-9]{4}", window.code):
        return _("the year {year}").format(year=window.code)
    return window.name or window.code


def structure_text(day: date | None) -> str:
    """Say by whose structure was counted."""
    if day is None:
        return _("Organisation as of each event's date.")
    return _("By the organisation of {day}: a unit that did not stand then counts where it belongs in it.").format(
        day=date_text(day)
    )


def listed(
    records: list[dict[str, object]],
    columns: list[str],
    notes: Sequence[str] = (),
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> Sheet:
    """Return a list as a sheet: headings from its keys, words for its codes.

    Args:
        records: the rows.
        columns: their keys, in the order they are shown.
        notes: what stands under the list.
        names: what people read instead of the codes of the ledger's own catalogue, by column and code.

    """
    rows = [[cell_of(key, record[key]) for key in columns] for record in records]
    for key, known in (names or {}).items():
        place = columns.index(key)
        for row in rows:
            row[place] = known.get(str(row[place]), row[place])
    return Sheet([_(HEADINGS[key]) for key in columns], rows, records, columns, notes=list(notes))


def with_total(sheet: Sheet, counted: Sequence[str]) -> Sheet:
    """Return a list with a last row for people that sums some of its columns; machines read what they did."""
    if not sheet.records:
        return sheet
    sums: dict[str, object] = {key: sum(int(str(it[key] or 0)) for it in sheet.records) for key in counted}
    named = next(key for key in sheet.columns if key not in _IDENTIFIERS)
    total = {**sums, named: _("Total")}
    return replace(sheet, rows=[*sheet.rows, [total.get(key) for key in sheet.columns]], totals=1)


def as_tree(sheet: Sheet) -> Sheet:
    """Return a list of units with each name set in as deep as its unit stands."""
    column = sheet.columns.index("name")
    for row, record in zip(sheet.rows, sheet.records, strict=True):
        row[column] = f"{'· ' * int(str(record['depth']))}{row[column]}"
    return sheet


def cell_of(key: str, value: object) -> object:
    """Return a value as a cell: codes in words, moments and percentages as people read them."""
    if value is None:
        return None
    if value == ERASED:
        return _("(erased)")
    if key in _CODED:
        return word(str(value))
    if key in _PERCENTAGES:
        return Decimal(str(value))
    if key == "at":
        return moment_text(str(value))
    return str(value) if key in _IDENTIFIERS else value
