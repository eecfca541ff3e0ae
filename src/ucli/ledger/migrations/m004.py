"""Closed windows and what was handed in, accepted findings, control totals, the chain of the log."""

from ucli.ledger.migrations.rows import LIVE, day, versioned

SCRIPT = f"""
-- What was handed in, letter by letter; written once, and a closed window names it.
CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    json TEXT NOT NULL,
    plain TEXT NOT NULL
) STRICT;

-- A window that takes no more facts, of a unit and all below it; without a unit, of the whole ledger.
CREATE TABLE closing (
    id INTEGER NOT NULL,
    unit INTEGER REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK ({day("start_day")}),
    end_day TEXT NOT NULL CHECK ({day("end_day")} AND end_day >= start_day),
    period TEXT NOT NULL,
    submission INTEGER NOT NULL REFERENCES submission (id),
    json_sha256 TEXT NOT NULL CHECK (length(json_sha256) = 64),
    plain_sha256 TEXT NOT NULL CHECK (length(plain_sha256) = 64),
    {versioned("id")}
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_closing_a_window ON closing (coalesce(unit, 0), start_day, end_day) WHERE to_op = {LIVE};

-- A closed window that takes facts again, up to and with a day or until it is closed anew.
CREATE TABLE reopening (
    closing INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    until TEXT CHECK ({day("until")}),
    {versioned("closing")}
) STRICT, WITHOUT ROWID;

-- A finding of `check` that is as it should be, and why.
CREATE TABLE accepted_finding (
    code TEXT NOT NULL CHECK (code <> ''),
    ref TEXT NOT NULL CHECK (ref <> ''),
    reason TEXT NOT NULL CHECK (reason <> ''),
    {versioned("code, ref")}
) STRICT, WITHOUT ROWID;

-- A total that was signed off: what an indicator comes to at and below a unit in a window, whatever it is made of.
CREATE TABLE control_total (
    id INTEGER NOT NULL,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    start_day TEXT NOT NULL CHECK ({day("start_day")}),
    end_day TEXT NOT NULL CHECK ({day("end_day")} AND end_day >= start_day),
    period TEXT NOT NULL,
    value INTEGER,
    part INTEGER,
    whole INTEGER CHECK (whole > 0),
    qualifier TEXT CHECK (qualifier IN ('at-least', 'below', 'about')),
    {versioned("id")},
    CHECK ((value IS NULL) = (whole IS NOT NULL) AND (part IS NULL) = (whole IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_control_total ON control_total (unit, indicator, start_day, end_day) WHERE to_op = {LIVE};

-- What an operation is, and all that came before it, as one number; a change made behind ucli's back breaks it.
ALTER TABLE operation ADD COLUMN chain TEXT
"""

VERSIONED = ["closing", "reopening", "accepted_finding", "control_total"]
