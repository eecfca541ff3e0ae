"""Closing a period when its report is handed in, reopening it, and what changed since."""

import sqlite3
from datetime import date
from functools import partial
from typing import Annotated

import typer

from ucli.cli import request
from ucli.cli.app import ReadCommand, WriteCommand, command, remark, require_value, session_of
from ucli.cli.options import Against, AsOf, MaybeUnit, arg, opt
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import reading, recording, said
from ucli.cli.submissions import changes_of, submitted_sheet
from ucli.cli.values import day
from ucli.errors import UcliError
from ucli.i18n import _
from ucli.ledger import closing as closings
from ucli.ledger import periods, units
from ucli.ledger.closing import Closing
from ucli.render import render
from ucli.render.attainment import attainment_sheet
from ucli.render.history import changes_sheet
from ucli.reports.closings import submitted
from ucli.values.dates import date_text
from ucli.values.periods import Window
from ucli.values.units import Unit

_FORMS = ("json", "plain")

ClosedPeriod = Annotated[
    str,
    arg(require_value, "PERIOD", "The period, as --period takes it: 2024, 2024-H1 …"),
]


@command(
    WriteCommand,
    "ucli close-period 2023-06 --unit HH",
    "ucli close-period 2022 --note 'BC 45/BC-LĐLĐ'",
    "ucli close-period 2021 --as-of 30/6/2021",
)
def close_period(
    ctx: typer.Context, period: ClosedPeriod, unit: MaybeUnit = None, as_of: AsOf = None, against: Against = None
) -> None:
    """With --unit, that of a unit and all below it; without, that of the whole ledger.

    With --as-of it is closed, and its report handed in, to that day; what comes later is still recorded.
    """
    with recording(ctx) as op:
        subject, window = _closed_or_to_close(op.db, period, unit)
        asked = request.Asked(unit=unit, period=period, as_of=as_of, against=against)
        handed_in = partial(_submitted, op.db, asked)
        whole, window = window, window.until(as_of) if as_of else window
        sha256 = closings.close(op, subject, window, handed_in, confirmed=session_of(ctx).yes, to_a_day=window != whole)
        op.summary = _("{period} is closed; the report handed in has the SHA-256 {start}….").format(
            period=_told(subject, window), start=sha256[:16]
        )
    created = {"period": window.code, "unit": subject.code if subject else None, "sha256": sha256}
    last = _("The log ends with {head}; “ucli check --head” checks it later.").format(head=op.head)
    said(ctx, op, {**created, "head": op.head or None}, last=last if op.head else "")


@command(
    WriteCommand,
    "ucli reopen-period 2023-06 --unit HH --reason 'bổ sung báo cáo của CĐCS'",
)
def reopen_period(
    ctx: typer.Context,
    period: ClosedPeriod,
    reason: Annotated[
        str,
        opt("--reason", remark, "TEXT", "Why; it stands under reports."),
    ],
    unit: MaybeUnit = None,
    until: Annotated[
        date | None,
        opt("--until", day, "DATE", "The last day; after it the period is closed again."),
    ] = None,
) -> None:
    with recording(ctx) as op:
        window = _closing(op.db, period, unit).window
        subject = units.find(op.db, unit, day=window.end) if unit else None
        closings.reopen(op, subject, window, reason, until)
        op.summary = (
            _("{period} is open until {day} ({reason}).").format(
                period=_told(subject, window), day=date_text(until), reason=reason
            )
            if until
            else _("{period} is open again ({reason}).").format(period=_told(subject, window), reason=reason)
        )
    said(ctx, op, {"period": window.code, "unit": subject.code if subject else None, "reason": reason, "until": until})


@command(ReadCommand, "ucli diff 2023-06 --unit HH")
def diff(ctx: typer.Context, period: ClosedPeriod, unit: MaybeUnit = None) -> None:
    """Then what was recorded for earlier days, where a stock rests on it, and the report's lines that differ now."""
    with reading(ctx) as db:
        closing = _closing(db, period, unit)
        inside, earlier, lines = changes_of(db, closing)
        changes = [*inside, *earlier, *lines]
        title = _("{period}: what changed since operation {number}").format(
            period=closing.told(db), number=closing.operation
        )
        notes = [] if changes else [_("Nothing changed since.")]
        if earlier:
            notes.append(_("A stock rests on what was before the period too: what was recorded for then is listed."))
        notes += [
            _("Handed in before that: ucli report --submitted {typed} --as-known {number}").format(
                typed=closing.typed(db), number=number
            )
            for number in closings.closed_before(db, closing)
        ]
    show(ctx, changes_sheet(changes, title, notes))


def show_submitted(ctx: typer.Context, period: str, unit: str | None, as_known: str | None) -> None:
    """Print what was handed in when a period was closed; where it was closed anew since, what was as known then.

    Raises:
        RefusedError: neither json nor plain, and it cannot be made again letter by letter.
        NotFoundError: the period was never closed.

    """
    form = {"table": "plain"}.get(asked := form_asked(ctx), asked)
    with reading(ctx) as db:
        closing = _closing(db, period, unit, as_known)
        kept = None if form in _FORMS else submitted_sheet(db, closing)
        text = None if kept else submitted(db, closing.submission, form)
    if text is not None:
        show_text(ctx, text)
    elif kept:
        sheet, table = kept
        show(ctx, sheet, about=table.unit, day=table.window.end)


def _submitted(db: sqlite3.Connection, asked: request.Asked) -> tuple[str, str]:
    sheet = attainment_sheet(request.report_asked(db, asked, None, None), decimals=1)
    json, plain = (str(render(sheet, form)) for form in _FORMS)
    return json, plain


def _closing(db: sqlite3.Connection, period: str, unit: str | None, as_known: str | None = None) -> Closing:
    subject, window = _closed_or_to_close(db, period, unit)
    request.look_back_to(db, as_known)
    if to_a_day := closings.closed_to_a_day(db, subject, window):
        return to_a_day
    return closings.find_closing(db, subject, window, by_now=as_known is None)


def _closed_or_to_close(db: sqlite3.Connection, period: str, unit: str | None) -> tuple[Unit | None, Window]:
    """Return whose window is meant, and the window; a term is the unit's, or the office's where none is named."""
    owner = units.find(db, unit) if unit else units.office(db)
    try:
        window = periods.find_window(db, period, unit=owner.id if owner else None).lasted
    except UcliError:
        subject = owner if unit else None
        if known := closings.window_closed(db, subject, period):
            return subject, known  # its code was undone since
        raise
    subject = units.find(db, unit, day=window.end) if unit else None
    known = closings.window_closed(db, subject, period)
    if known and known.start == window.start and periods.is_term(db, period):
        return subject, known  # a term that was cut short since
    return subject, window


def _told(unit: Unit | None, window: Window) -> str:
    return _("{period} of {unit}").format(period=window.text(), unit=unit.name) if unit else window.text()
