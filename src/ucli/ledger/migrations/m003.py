"""Tallies: what the registers and figures add up to, by unit and month, day or window."""

SCRIPT = """
-- The units whose tallies are kept: all that have, or ever had, another one below them; by day those high up.
CREATE TABLE tallied (
    unit INTEGER PRIMARY KEY REFERENCES unit (id),
    daily INTEGER NOT NULL CHECK (daily IN (0, 1))
) STRICT;

-- What a series comes to at or below a unit, in a month or on a day.
CREATE TABLE tally (
    unit INTEGER NOT NULL,
    series TEXT NOT NULL,
    month TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (unit, series, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_day (
    unit INTEGER NOT NULL,
    series TEXT NOT NULL,
    day TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (unit, series, day)
) STRICT, WITHOUT ROWID;

-- What the figures of the leaves at or below a unit add for a window; `day` is its last on which they lived.
CREATE TABLE tally_figure (
    unit INTEGER NOT NULL,
    indicator INTEGER NOT NULL,
    start_day TEXT NOT NULL,
    end_day TEXT NOT NULL,
    day TEXT NOT NULL,
    stated INTEGER NOT NULL,
    printed INTEGER NOT NULL,
    figures INTEGER NOT NULL,
    value INTEGER NOT NULL,
    part INTEGER NOT NULL,
    whole INTEGER NOT NULL,
    at_least INTEGER NOT NULL,
    below INTEGER NOT NULL,
    about INTEGER NOT NULL,
    PRIMARY KEY (unit, indicator, start_day, end_day, day)
) STRICT, WITHOUT ROWID;

-- The figures of leaves that hold, or ever held, records or other figures of their unit: where to look for
-- "stated 100, collected 95". Only ever added to. Those apart came elsewhere within their window and are in no tally.
CREATE TABLE holding (
    figure INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL,
    indicator INTEGER NOT NULL,
    start_day TEXT NOT NULL,
    end_day TEXT NOT NULL,
    apart INTEGER NOT NULL CHECK (apart IN (0, 1))
) STRICT;
CREATE INDEX holding_by_indicator ON holding (indicator, start_day, end_day, unit);
CREATE INDEX holding_by_unit ON holding (unit);
CREATE INDEX holding_apart ON holding (end_day, start_day) WHERE apart;

-- The days on which units began, ended, or came under others, but for those that always were or still are.
CREATE INDEX ancestry_until ON ancestry (to_day) WHERE depth < 2 AND to_day < '9999-12-31';
CREATE INDEX ancestry_since ON ancestry (from_day) WHERE depth < 2 AND from_day > '0001-01-01';

-- Namesakes are told apart by their birth dates; of a nation's members thousands share a name.
DROP INDEX person_by_folded;
CREATE INDEX person_by_folded ON person (folded, born);

-- The members who came from, or went to, another union.
CREATE INDEX membership_arrived ON membership (union_unit, admitted) WHERE begun_by = 'transfer';
CREATE INDEX membership_went_on ON membership (union_unit, "left") WHERE left_by IN ('transfer', 'merged');
"""

VERSIONED: list[str] = []
