"""What the commands of the registers share: voiding a row by its number, and filtering a list."""

import sqlite3
from datetime import date

import typer

from ucli.cli.session import recording, said
from ucli.cli.subjects import unit_or_cluster
from ucli.language import _
from ucli.ledger import catalogue, corrections, periods
from ucli.ledger.operations import LIVE
from ucli.reports.listings import Filter


def void(ctx: typer.Context, register: str, number: int, sentence: str) -> None:
    """Let a row count no longer, and say so."""
    with recording(ctx) as op:
        corrections.void(op, register, number)
        op.summary = _(sentence).format(number=number)
    said(ctx, op, {"number": number})


def filter_of(
    db: sqlite3.Connection,
    *,
    unit: str | None = None,
    cluster: str | None = None,
    period: str | None = None,
    indicator: str | None = None,
    programme: str | None = None,
) -> Filter:
    """Return the filter that a list was asked for, its names looked up.

    Raises:
        UcliError: a name or period that does not fit.

    """
    return Filter(
        LIVE - 1,
        date.today(),  # noqa: DTZ011
        roots=(unit_or_cluster(db, unit, cluster).id,) if unit or cluster else None,
        window=periods.find_window(db, period) if period else None,
        indicator=catalogue.find_indicator(db, indicator).id if indicator else None,
        programme=catalogue.find_programme(db, programme).id if programme else None,
    )
