"""The law of counting written plainly and slowly: a ledger as lists, and what it answers and refuses.

No SQL, nothing of the reports, nothing quick. docs/counting.md says the rules. Random ledgers are written through ucli
and into a `Book`, and both have to say the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from ucli.values.periods import Window

Value = tuple[int, ...]  # (count or đồng,) or (part, whole)
Answer = tuple[Value | None, str | None]  # with its qualifier
Combined = Counter[int | None]  # how often each figure is counted, by its place in the book; under None a number

LEVELS = {"confederation": 0, "province": 1, "district": 2, "ward": 3, "union": 4}
NEW, KNOWN, REFUSED = "new", "known already", "refused"

# What is counted how.
STATES = ("agreement-coverage", "union-density")  # ratios: how things stand
SHARES = (*STATES, "average-wage")
DIFFERENCES = {"members-net-growth": ("members-admitted", "members-lost")}
QUOTIENTS = {"union-density": ("members-total", "workers-total")}
# Stocks, with what moves them: net growth, what came, what went. A register holds those of the first two.
STOCKS: dict[str, tuple[str | None, str, str] | None] = {
    "members-total": ("members-net-growth", "members-admitted", "members-lost"),
    "unions-total": (None, "unions-founded", "unions-dissolved"),
    "workers-total": None,
}
# In which list whoever counts an indicator has a row.
KEPT_IN = {
    "members-admitted": "spells",
    "members-lost": "spells",
    "members-lost-dissolution": "spells",
    "members-total": "spells",
    "unions-founded": "founded",
    "unions-dissolved": "founded",
    "unions-total": "founded",
    "welfare-amount": "paid",
    "welfare-visits": "paid",
    "shelter-houses": "paid",
    "shelter-amount": "paid",
}


class Payout(NamedTuple):
    programme: str
    unit: str
    day: date
    amount: int
    recipients: int = 1


class Figure(NamedTuple):
    indicator: str
    unit: str
    window: Window
    value: Value
    hedge: str | None = None
    speaks_for: str | None = None  # "predecessors" or "own", where others were merged with its unit inside its window

    def reaches(self, merged: date | None) -> bool:
        """Tell whether it speaks for what is in its unit's line, or came to it by a merger on a day."""
        return merged is None or (self.speaks_for == "predecessors" and self.window.start < merged <= self.window.end)


class Fact(NamedTuple):
    """Something dated in a register; it belongs to those who stood above its unit on `place`."""

    unit: str
    day: date
    place: date
    number: int


@dataclass
class Spell:
    """A membership, also of several without names."""

    union: str
    members: int
    admitted: date
    how: str
    left: date | None = None
    why: str = ""


class Asked(NamedTuple):
    """Whose, when, by the structure of which day (None: of each fact's own), and as a group of which whole."""

    scope: str
    window: Window
    structure: date | None = None
    whole: str | None = None
    directly: bool = False  # only what it did while it stood directly below the whole


class Counted(NamedTuple):
    """What an answer is made of: the outermost figures, and what the registers hold outside of them."""

    figures: list[Figure]
    facts: list[Fact]
    crossed: list[Figure]  # half inside one of those, and left out
    elsewhere: bool = False  # all is recorded inside figures that count elsewhere


@dataclass
class Book:
    """The ledger as lists: units by their first code; what holds from a day on, in the order of the days."""

    kinds: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    parents: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    ended: dict[str, tuple[date, str, list[str]]] = field(default_factory=dict)
    followed: list[tuple[str, str, date]] = field(default_factory=list)  # who came after whom, also by a part of it
    founded: dict[str, date] = field(default_factory=dict)
    clusters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    clustered: list[tuple[str, date]] = field(default_factory=list)  # who is in a cluster in the year that begins so
    spells: list[Spell] = field(default_factory=list)
    paid: list[Payout] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    # Who stands where

    def lives(self, unit: str, day: date) -> bool:
        return self.parents[unit][0][0] <= day and (unit not in self.ended or day < self.ended[unit][0])

    def alive(self, day: date, *kinds: str) -> list[str]:
        return [unit for unit, kind in self.kinds.items() if self.lives(unit, day) and (kind in kinds or not kinds)]

    def parent(self, unit: str, day: date) -> str:
        return [above for since, above in self.parents[unit] if since <= day][-1]

    def name(self, unit: str, day: date) -> str:
        return [name for since, name in self.names[unit] if since <= day][-1]

    def line(self, unit: str, day: date) -> list[str]:
        """Return who stands above a unit on a day, itself first."""
        return [unit, *(self.line(above, day) if (above := self.parent(unit, day)) else ())]

    def position(self, unit: str, day: date) -> list[str]:
        """Return the line of a unit, or of what it went up in; of several, what they have in common; else nobody's."""
        if unit in self.clusters:
            return [unit]
        if unit in self.ended and self.ended[unit][0] <= day:
            return shared([self.position(heir, day) for heir in self.ended[unit][2]])
        return self.line(unit, day)

    def place(self, unit: str, day: date) -> list[str]:
        """Return where a unit belongs in the structure of a day, whether it was there on it or not."""
        if self.lives(unit, day):
            return self.line(unit, day)
        if unit in self.ended and self.ended[unit][0] <= day:
            others, beside = self.ended[unit][2], self.parent(unit, eve(self.ended[unit][0]))
        else:
            begun, beside = self.parents[unit][0]
            others = [origin for origin, heir, on in self.followed if (heir, on) == (unit, begun)]
        return shared([self.place(it, day) for it in others or [beside] if it])

    def last_day(self, figure: Figure) -> date:
        """Return the last day of a figure's window on which its unit lived."""
        return (
            min(figure.window.end, eve(self.ended[figure.unit][0])) if figure.unit in self.ended else figure.window.end
        )

    # What happens to units

    def found(self, unit: str, kind: str, name: str, parent: str, day: date = date.min) -> None:
        self.kinds[unit], self.names[unit], self.parents[unit] = kind, [(day, name)], [(day, parent)]
        while parent in self.ended:
            day, _reason, [parent] = self.ended[parent]
            self.put(unit, parent, day)

    def put(self, unit: str, parent: str, day: date) -> None:
        """Put a unit under a parent until its next one; where that one ended by then, under whoever followed it."""
        last = self.ended[unit][0] if unit in self.ended else date.max
        until = min([since for since, _up in self.parents[unit] if since > day], default=last)
        self.parents[unit] = sorted([it for it in self.parents[unit] if it[0] != day] + [(day, parent)])
        if parent in self.ended and self.ended[parent][0] < until:
            ended, _reason, heirs = self.ended[parent]
            self.put(unit, heirs[0], max(ended, day))

    def end(self, unit: str, day: date, reason: str, heirs: list[str]) -> None:
        for child in [it for it in self.alive(day) if self.parent(it, day) == unit]:
            self.put(child, heirs[0], day)
        for child, places in [*self.parents.items()]:  # also whoever was to come under it later
            for since in [since for since, up in places if up == unit and since > day]:
                self.put(child, heirs[0], since)
        self.follow(unit, heirs, day)
        self.ended[unit] = (day, reason, [heir for it, heir, on in self.followed if (it, on) == (unit, day)])
        for spell in [it for it in self.spells if it.union == unit and it.left is None]:
            self.close_at_end(spell)

    def follow(self, unit: str, heirs: list[str], day: date) -> None:
        self.followed += [(unit, heir, day) for heir in heirs]

    # What happens to members

    def begin(self, union: str, number: int, day: date, how: str) -> None:
        self.spells.append(Spell(union, number, day, how))
        if union in self.ended:
            self.close_at_end(self.spells[-1])

    def close_at_end(self, spell: Spell) -> None:
        day, _reason, heirs = self.ended[spell.union]
        while len(heirs) == 1 and self.ended.get(heirs[0], (None,))[0] == day:
            _day, _reason, heirs = self.ended[heirs[0]]  # of several mergers on one day the last counts
        goes_on = len(heirs) == 1 and self.kinds[heirs[0]] == "union"
        self.close(spell, day, "merged" if goes_on else "union-dissolved", heirs[0] if goes_on else None)

    def close(self, spell: Spell, day: date, why: str, to: str | None, number: int = 0) -> None:
        """Let a membership end, or some of a group's, and go on elsewhere."""
        if 0 < number < spell.members:
            spell.members -= number
            self.spells.append(spell := replace(spell, members=number))
        spell.left, spell.why = day, why
        if to:
            self.begin(to, spell.members, day, "transfer")

    # What may be recorded

    def may_rename(self, unit: str, day: date) -> bool:
        return self.parents[unit][0][0] < day and all(since != day for since, _name in self.names[unit])

    def may_move(self, unit: str, to: str, day: date) -> bool:
        """Tell whether a unit may come under another of a higher kind: once a day, and never under nobody."""
        if self.parent(unit, day) == to:
            return True  # it stands there
        until = min(until for since, until, _up in self.places(unit) if since <= day < until)
        is_new = all(since != day for since, _up in self.parents[unit])
        return is_new and self.may_stand(unit, to, until)

    def may_end(self, unit: str, day: date, heirs: list[str], taken: Sequence[str] = ()) -> bool:
        """Tell whether a unit may end: once, after all it did, with a place for those below it that no part took."""
        if unit in self.ended or day <= self.parents[unit][0][0]:
            return False
        did = [it.admitted for it in self.spells if it.union == unit]
        did += [it.day for it in self.paid if it.unit == unit]
        did += [it.window.start for it in self.figures if it.unit == unit]
        did += [year for it, year in self.clustered if it == unit]
        came = [it.left for it in self.spells if it.union == unit and it.left]
        came += [on for it, heir, on in self.followed if unit in (it, heir)]
        came += [since for since, _said in (*self.names[unit], *self.parents[unit])]
        if any(on >= day for on in did) or any(on > day for on in came):
            return False
        below = [
            (child, until)
            for child in self.kinds
            for since, until, up in self.places(child)
            if up == unit and until > day and not (child in taken and since <= day)
        ]
        if below and len(heirs) != 1:
            return False
        if any((self.kinds[heir] == "union") != (self.kinds[unit] == "union") for heir in heirs):
            return False
        return all(self.may_stand(child, heirs[0], until) for child, until in below)

    def may_stand(self, unit: str, parent: str, until: date) -> bool:
        """Tell whether a unit that comes under another always stands under one, whatever followed that."""
        while LEVELS[self.kinds[parent]] < LEVELS[self.kinds[unit]]:
            ended, _reason, heirs = self.ended.get(parent, (date.max, "", []))
            if ended >= until:
                return True
            if len(heirs) != 1:
                return False
            [parent] = heirs
        return False

    def places(self, unit: str) -> list[tuple[date, date, str]]:
        """Return where a unit stands, each place with its first day and the one after its last."""
        last = self.ended[unit][0] if unit in self.ended else date.max
        days = [*(since for since, _up in self.parents[unit][1:]), last]
        return [(since, min(until, last), up) for (since, up), until in zip(self.parents[unit], days, strict=True)]

    def may_leave(self, number: int, day: date, to: str | None = None) -> bool:
        """Tell whether some of a membership, by its place, may leave, or go to another union that is there."""
        spell = self.spells[number]
        may_be = spell.left is None and spell.admitted < day
        return may_be and (to is None or (to != spell.union and self.lives(to, day)))

    def verdict(self, row: Figure) -> str:
        """Say what must become of a figure: refused outside its unit's life, or where it contradicts another."""
        if row.unit not in self.clusters:
            begun, ended = self.parents[row.unit][0][0], self.ended.get(row.unit, (date.max,))[0]
            if row.window.end < begun or ended <= row.window.start:
                return REFUSED
        for there in self.figures:
            if (there.indicator, there.unit) != (row.indicator, row.unit):
                continue
            days, others = days_of(row), days_of(there)
            if days == others:
                told = row.speaks_for or there.speaks_for
                return KNOWN if there[3:] == (row.value, row.hedge, told) else REFUSED
        return REFUSED if self.merged_within(row) and row.speaks_for is None else NEW

    def merged_within(self, figure: Figure) -> bool:
        """Tell whether others were merged with a figure's unit inside its window, but for who stood below it anyhow."""
        if figure.indicator in STOCKS:
            return False
        for unit in self.ended:
            for heir, day in self.heirs(unit):
                if day <= figure.window.start:
                    break
                if heir == figure.unit and day <= figure.window.end and heir not in self.line(unit, eve(day)):
                    return True
        return False

    def heirs(self, unit: str) -> list[tuple[str, date]]:
        """Return whom a unit was merged into, that one's in turn, and so on, each with the day."""
        if unit not in self.ended or len(self.ended[unit][2]) != 1:
            return []
        day, _reason, [heir] = self.ended[unit]
        return [(heir, day), *self.heirs(heir)]

    # What belongs to whom

    def holds(self, asked: Asked, unit: str, day: date) -> bool:
        """Tell whether what a unit did on a day belongs to whom is asked about."""
        if unit in self.clusters:
            return unit == asked.scope
        return self.is_asked(asked, self.place(unit, asked.structure) if asked.structure else self.line(unit, day))

    def is_asked(self, asked: Asked, line: Sequence[str]) -> bool:
        """Tell whether whoever stands below some units belongs to whom is asked about."""
        if asked.directly:
            return any(pair == (asked.scope, asked.whole) for pair in pairwise(line))
        return self.is_in(asked.scope, line) and (asked.whole is None or self.is_in(asked.whole, line))

    def is_in(self, scope: str, line: Iterable[str]) -> bool:
        return not {*self.clusters.get(scope, (scope,))}.isdisjoint(line)

    def speakers(self, asked: Asked, unit: str, day: date) -> list[tuple[str, date | None]]:
        """Return whose figures speak for what a unit did on a day, by the structure of that day, or of a merger since.

        Whoever stands above the scope is not in its table. Whoever has left the scope since still speaks for what was
        done in it: that counts where the figure does, and only there.
        """
        if unit in self.clusters:
            return [(unit, None)]
        line = self.line(unit, day)
        found: list[tuple[str, date | None]] = [(it, None) for it in line]
        found += [heir for it in line for heir in self.heirs(it) if heir[0] not in line]
        found = [it for it in found if self.speaks_in(asked, it[0])]
        if asked.scope in self.clusters and self.holds(asked, unit, day):
            found.append((asked.scope, None))
        return found

    def speaks_in(self, asked: Asked, unit: str) -> bool:
        """Tell whether the figures of a unit are part of a table, or of another beside it, and none of one above it."""
        alone = Asked(asked.scope, asked.window, asked.structure)
        if self.was_in(alone, unit, date.min, date.max):
            return True
        named = self.clusters.get(asked.scope, (asked.scope,))
        if asked.structure:
            there = self.place(unit, asked.structure)
            return bool(there) and not any(there[0] in self.place(it, asked.structure) for it in named)
        days = {since for places in self.parents.values() for since, _up in places}
        return not any(self.lives(it, day) and unit in self.line(it, day) for it in named for day in days)

    def within(self, scope: str, line: list[str]) -> list[str]:
        """Return the part of a line that is in a scope; a cluster stands above its units."""
        named = self.clusters.get(scope, (scope,))
        inside = line[: max((line.index(it) for it in named if it in line), default=-1) + 1]
        return [*inside, scope] if inside and scope in self.clusters else inside

    def stated(self, indicator: str | None) -> list[tuple[int, Figure]]:
        """Return the figures that count, each with its place in the order in which they were written."""
        return [(number, it) for number, it in enumerate(self.figures) if it.indicator == indicator]

    def facts(self, indicator: str) -> list[Fact]:
        """Return what the registers hold for a flow: who leaves was there, and what ends stood, the day before."""
        joined = [it for it in self.spells if it.how != "transfer"]
        left = [(it, it.left) for it in self.spells if it.left and it.why not in ("transfer", "merged")]
        lost = [(it.why, Fact(it.union, day, max(it.admitted, eve(day)), it.members)) for it, day in left]
        ended = [(unit, day) for unit, (day, why, _) in self.ended.items() if why not in ("merged", "split")]
        registers = {
            "members-admitted": [Fact(it.union, it.admitted, it.admitted, it.members) for it in joined],
            "members-lost": [fact for _why, fact in lost],
            "members-lost-dissolution": [fact for why, fact in lost if why == "union-dissolved"],
            "unions-founded": [Fact(unit, day, day, 1) for unit, day in self.founded.items()],
            "unions-dissolved": [Fact(it, day, eve(day), 1) for it, day in ended if self.kinds[it] == "union"],
            "welfare-amount": [Fact(it.unit, it.day, it.day, it.amount) for it in self.paid],
            "welfare-visits": [Fact(it.unit, it.day, it.day, it.recipients) for it in self.paid],
            "shelter-houses": [
                Fact(it.unit, it.day, it.day, it.recipients) for it in self.paid if it.programme == "shelter"
            ],
        }
        return registers.get(indicator, [])

    def facts_of(self, indicator: str, asked: Asked) -> list[Fact]:
        facts = [it for it in self.facts(indicator) if asked.window.start <= it.day <= asked.window.end]
        return [it for it in facts if self.holds(asked, it.unit, it.place)]

    def registered(self, indicator: str, asked: Asked) -> int:
        """Return what the registers come to, whatever was stated."""
        return sum(it.number for it in self.facts_of(indicator, asked))

    def keeps(self, indicator: str, asked: Asked) -> bool:
        """Tell whether a unit that has a row in a register by the last day belonged to whom is asked about since."""
        rows: dict[str, list[tuple[str, date]]] = {
            "spells": [(it.union, it.admitted) for it in self.spells],
            "founded": [*self.founded.items()],
            "paid": [(it.unit, it.day) for it in self.paid],
        }
        kept = rows.get(KEPT_IN.get(indicator, ""), [])
        return any(self.was_in(asked, unit, day, asked.window.end) for unit, day in kept)

    def was_in(self, asked: Asked, unit: str, first: date, last: date) -> bool:
        """Tell whether a unit belonged to whom is asked about on any day between two."""
        changes = {since for places in self.parents.values() for since, _up in places}
        days = sorted({first, *(day for day in changes if first < day <= last)}) if first <= last else []
        if unit in self.clusters or asked.structure:
            return bool(days) and self.holds(asked, unit, first)
        return any(self.lives(unit, day) and self.holds(asked, unit, day) for day in days)

    # What it comes to

    def answer(self, indicator: str, asked: Asked) -> Answer:
        if indicator in STOCKS:
            return self.stock(indicator, asked)
        if parts := DIFFERENCES.get(indicator):
            return self.difference(indicator, parts, asked)
        if parts := QUOTIENTS.get(indicator):
            return self.quotient(indicator, parts, asked)
        if indicator in STATES:
            return sum_of(self.state(indicator, asked))
        counted = self.flow(indicator, asked)
        return self.total(indicator, asked, counted)

    def total(self, indicator: str, asked: Asked, counted: Counted) -> Answer:
        """Add up figures and records; where a register is kept and says nothing that is 0."""
        value, hedge = sum_of(counted.figures)
        values = [value] if value else []
        values += [(it.number,) for it in counted.facts]
        if not values and not counted.elsewhere and self.keeps(indicator, asked):
            values = [(0,)]
        if counted.crossed and values:
            hedge = joined({hedge, "about" if indicator in SHARES else "at-least"})
        return added(values), hedge

    def flow(self, indicator: str, asked: Asked, within: Sequence[Figure] = ()) -> Counted:
        """Take what is uncovered: from the top down, each figure covers the records and figures in its box.

        Of one unit the longer window comes first, then the newer; what lies half across is left out. What lies in the
        boxes of `within`, or across them, is left out as well.
        """
        found: list[Figure] = []
        crossed: list[Figure] = []
        figures = [*self.between(indicator, asked), *self.stated(indicator)]
        figures = [(number, it) for number, it in figures if asked.window.holds(it.window)]
        ranks = self.ranks(asked, [it for _number, it in figures])
        figures.sort(key=lambda it: (ranks[it[1].unit], -it[1].window.days, -it[0]))
        for _number, figure in figures:
            speakers = self.speakers(asked, figure.unit, self.last_day(figure))
            meeting = [it for it in (*within, *found) if it.window.meets(figure.window)]
            meeting = [it for it in meeting if any(it.unit == unit and it.reaches(day) for unit, day in speakers)]
            if not meeting:
                found.append(figure)
            elif not any(it.window.holds(figure.window) for it in meeting):
                crossed.append(figure)
        boxes = (*within, *found)
        found = [it for it in found if self.holds(asked, it.unit, self.last_day(it))]
        crossed = [it for it in crossed if self.holds(asked, it.unit, self.last_day(it))]
        recorded = [*self.facts_of(indicator, asked)]
        facts = [it for it in recorded if not self.is_inside(asked, it, boxes)]
        return Counted(found, facts, crossed, elsewhere=bool(recorded) and not (facts or found or within))

    def is_inside(self, asked: Asked, fact: Fact, boxes: Sequence[Figure]) -> bool:
        there = [it for it in boxes if it.window.start <= fact.day <= it.window.end]
        speakers = self.speakers(asked, fact.unit, fact.place)
        return any(it.unit == unit and it.reaches(day) for it in there for unit, day in speakers)

    def ranks(self, asked: Asked, figures: Sequence[Figure]) -> dict[str, tuple[int, int]]:
        """Return the order of units from the top down by their kinds; who was merged into another comes after it."""
        ranks: dict[str, tuple[int, int]] = {}
        for figure in figures:
            heirs = [it for it, day in self.speakers(asked, figure.unit, self.last_day(figure)) if day]
            rank = (max(self.level(it) for it in (figure.unit, *heirs)), len(heirs))
            ranks[figure.unit] = max(rank, ranks.get(figure.unit, rank))
        return ranks

    def level(self, unit: str) -> int:
        """Return how far from the top a unit's kind is: whoever stands above it, on whatever day, is nearer."""
        return LEVELS[self.kinds[unit]] if unit in self.kinds else -1

    def between(self, indicator: str, asked: Asked) -> list[tuple[int, Figure]]:
        """Return what fell between figures of one unit whose windows begin on one day: each less the one before it.

        Those that begin in the window asked about are figures there themselves.
        """
        runs: dict[tuple[str, date], list[tuple[int, Figure]]] = defaultdict(list)
        for number, figure in self.stated(indicator):
            if figure.window.start < asked.window.start:
                runs[figure.unit, figure.window.start].append((number, figure))
        found = []
        for run in runs.values():
            for (_number, shorter), (number, longer) in pairwise(sorted(run, key=lambda it: it[1].window.end)):
                window = Window("between", shorter.window.end + timedelta(1), longer.window.end)
                if not (before := self.stated_before(indicator, shorter, longer)):
                    continue
                value: Value | None = longer.value
                hedge = longer.hedge
                for it in before:
                    value, hedge = less((value, hedge), (it.value, it.hedge))
                assert value is not None  # all are stated
                may_be = value[0] >= 0 or indicator in DIFFERENCES
                if may_be and (len(value) == 1 or value[1] > 0):
                    found.append((number, longer._replace(window=window, value=value, hedge=hedge)))
        return found

    def stated_before(self, indicator: str, shorter: Figure, longer: Figure) -> list[Figure]:
        """Return what was stated by the end of a shorter figure for every unit that the longer one speaks for.

        Nothing where one of them had not stated it, or the shorter one speaks for others too.
        """
        lacking, before = self.spoken_for(longer) - self.spoken_for(shorter), [shorter]
        if self.spoken_for(shorter) - self.spoken_for(longer):
            return []
        while lacking:
            for _number, it in reversed(self.stated(indicator)):
                is_until_its_end = it.unit in self.ended and self.ended[it.unit][0] <= it.window.end + timedelta(1)
                if (
                    it.window.start == shorter.window.start
                    and (
                        it.window.end == shorter.window.end
                        or (is_until_its_end and it.window.end <= shorter.window.end)
                    )
                    and self.spoken_for(it) <= lacking
                ):
                    before.append(it)
                    lacking -= self.spoken_for(it)
                    break
            else:
                return []
        return before

    def spoken_for(self, figure: Figure) -> set[str]:
        """Return the units whose own figures one figure includes."""
        if figure.speaks_for != "predecessors":
            return {figure.unit}
        merged = {
            unit
            for unit in self.ended
            for heir, day in self.heirs(unit)
            if heir == figure.unit and figure.reaches(day) and heir not in self.line(unit, eve(day))
        }
        return {figure.unit, *merged}

    def state(self, indicator: str, asked: Asked) -> list[Figure]:
        """Take of each unit what it stated last in the window, of those the outermost; nothing adds up over time.

        One includes who stood below its unit on its last day, or what became of them. Of a unit that was split the last
        one counts, and not those of its parts, until all of them have stated theirs.
        """
        latest: dict[str, Figure] = {}
        for _number, figure in sorted(
            self.stated(indicator), key=lambda it: (it[1].window.end, it[1].window.days, it[0])
        ):
            day = self.last_day(figure)
            is_in_time = self.holds(asked, figure.unit, day) or day <= self.stock_day(asked)
            is_one = figure.unit not in self.clusters or figure.unit == asked.scope
            if asked.window.holds(figure.window) and is_one and is_in_time:
                latest[figure.unit] = figure
        days = {unit: self.last_day(it) for unit, it in latest.items()}
        found = []
        for unit, figure in latest.items():
            uppers = [it for it in latest if it != unit and self.speaks_in(asked, it)]
            wholes = [it for it in self.split_from(unit) if it in uppers and not self.is_replaced(it, days)]
            if (
                self.holds(asked, unit, days[unit])
                and not wholes
                and not self.is_replaced(unit, days)
                and not any(self.includes(latest[it], unit) for it in uppers)
            ):
                found.append(figure)
        return found

    def includes(self, upper: Figure, unit: str) -> bool:
        """Tell whether a statement of a state includes what a unit stated before."""
        if upper.unit in self.clusters:
            return True
        since = self.came_under(unit, upper.unit, self.last_day(upper))
        return since is not None and (upper.window.start >= since or upper.reaches(since))

    def came_under(self, unit: str, upper: str, day: date) -> date | None:
        """Return since when a unit, or all that became of it, is at or below another one; None where it is not."""
        if unit in self.clusters:
            return None
        if self.lives(unit, day):
            return date.min if upper in self.line(unit, day) else None
        ended, _reason, heirs = self.ended.get(unit, (date.max, "", []))
        days = [self.came_under(it, upper, day) for it in heirs if ended <= day]
        since = [it for it in days if it is not None]
        if not days or len(since) < len(days):
            return None
        return date.min if upper in self.ever_above(unit) else max(ended, *since)

    def ever_above(self, unit: str) -> set[str]:
        """Return who stood above a unit on any day of its life."""
        changes = {since for places in self.parents.values() for since, _up in places}
        return {it for day in changes if self.lives(unit, day) for it in self.line(unit, day)}

    def split_from(self, unit: str) -> list[str]:
        """Return the units of which one is a part, founded when they were split."""
        if unit in self.clusters:
            return []
        begun = self.parents[unit][0][0]
        wholes = [
            it for it, (day, _why, heirs) in self.ended.items() if day == begun and unit in heirs[1:] + heirs[:-1]
        ]
        return [other for it in wholes for other in (*self.split_from(it), it)]

    def is_replaced(self, unit: str, stated: Mapping[str, date]) -> bool:
        """Tell whether a unit was split, and all that became of it has made a statement since."""
        if unit not in self.ended or len(self.ended[unit][2]) < 2:
            return False
        until = self.ended[unit][0]

        def is_stated(part: str) -> bool:
            heirs = self.ended[part][2] if part in self.ended else []
            return stated.get(part, date.min) >= until or (bool(heirs) and all(map(is_stated, heirs)))

        return all(map(is_stated, self.ended[unit][2]))

    def difference(self, indicator: str, parts: tuple[str, str], asked: Asked) -> Answer:
        """Take what is stated of it, and what its parts come to outside of that."""
        counted = self.flow(indicator, asked)
        came, went = (self.total(it, asked, self.flow(it, asked, counted.figures)) for it in parts)
        rest = less(came, went)
        value, hedge = self.total(indicator, asked, counted)
        return added([it for it in (value, rest[0]) if it]), joined({hedge, rest[1]})

    def quotient(self, indicator: str, parts: tuple[str, str], asked: Asked) -> Answer:
        """Take what the unit itself stated, else the parts, else what is stated below it."""
        stated = self.state(indicator, asked)
        (part, hedge), (whole, other) = (self.answer(it, asked) for it in parts)
        if not any(it.unit == asked.scope for it in stated) and part and whole and whole[0] > 0:
            return (*part, *whole), joined({hedge, {"at-least": "below", "below": "at-least"}.get(other or "", other)})
        return sum_of(stated)

    def in_none(self, indicator: str, whole: Asked, groups: Sequence[Asked]) -> Value | None:
        """Return what of a whole is in none of its groups; None where that is no difference of two sums.

        So it is where what stands in no group states a total of what stands in some.
        """
        if indicator in QUOTIENTS:
            return None
        if indicator in STOCKS:
            return self.stock_in_none(indicator, whole, groups)
        counted = [(1, self.flow(indicator, whole))]
        if indicator in STATES:
            counted = [(1, Counted(self.state(indicator, whole), [], []))]
        for sign, part in zip((1, -1), DIFFERENCES.get(indicator, ()), strict=False):
            counted.append((sign, self.flow(part, whole, counted[0][1].figures)))
        figures = [it for _sign, found in counted for it in found.figures]
        if any(not any(self.holds(it, figure.unit, self.last_day(figure)) for it in groups) for figure in figures):
            return None
        if any(found.elsewhere for _sign, found in counted):
            return None
        if indicator in DIFFERENCES and any(it.hedge for it in figures):
            return None  # a bound that is taken away is moved by one
        facts = [(sign, it) for sign, found in counted for it in found.facts]
        alone = [(sign, it) for sign, it in facts if not any(self.holds(group, it.unit, it.place) for group in groups)]
        return (0, 0) if indicator in SHARES else (sum(sign * it.number for sign, it in alone),)

    # Stocks

    def stock(self, indicator: str, asked: Asked) -> Answer:
        """Add what the registers hold and what units carry besides: by their last statements, and what moved since."""
        day = self.stock_day(asked)
        carried = self.carried(indicator, day, asked.scope)
        there: Combined = Counter()
        carriers = [unit for unit in carried if self.carries_in(asked, unit, day)]
        for unit in carriers:
            there.update(carried[unit])
        there[None] += (held := self.held(indicator, asked, day))
        hedges = {self.figures[it].hedge for it, times in there.items() if it is not None and times > 0}
        less_of = [it for it, times in there.items() if it is not None and times < 0 and self.figures[it].hedge]
        ever = any(
            self.was_in(asked._replace(whole=None, directly=False), it.unit, self.last_day(it), day)
            for _, it in self.stated(indicator)
        )
        if not (held or carriers or ever or self.keeps(indicator, asked)):
            return None, None
        return (self.number_of(there),), "about" if less_of else joined(hedges)

    def stock_in_none(self, indicator: str, whole: Asked, groups: Sequence[Asked]) -> Value:
        """Return the stock of a whole that is in none of its groups, on the last day."""
        day = self.stock_day(whole)
        total = self.held(indicator, whole, day, groups)
        for unit, combined in self.carried(indicator, day, whole.scope).items():
            if self.carries_in(whole, unit, day) and not any(self.carries_in(it, unit, day) for it in groups):
                total += self.number_of(combined)
        return (total,)

    def number_of(self, combined: Combined) -> int:
        return sum(times * (1 if it is None else self.figures[it].value[0]) for it, times in combined.items())

    def stock_day(self, asked: Asked) -> date:
        """Return the last day of the window; in the table of a unit that ended in it, that of the unit."""
        day = asked.window.end
        scope = asked.whole or asked.scope
        if scope in self.ended and not asked.structure:
            last = eve(self.ended[scope][0])
            return last if asked.window.start <= last < day else day
        return day

    def carries_in(self, asked: Asked, unit: str, day: date) -> bool:
        """Tell whether what a unit carries belongs to whom is asked about; what nobody followed is no more."""
        there = self.position(unit, day)
        if unit in self.clusters:
            return unit == asked.scope
        return bool(there) and self.is_asked(asked, self.place(unit, asked.structure) if asked.structure else there)

    def held(self, indicator: str, asked: Asked, day: date, but: Sequence[Asked] = ()) -> int:
        """Count the open memberships, or the unions that are there; but those that belong to some groups."""
        if indicator == "members-total":
            there = [(it.union, it.members) for it in self.spells if it.admitted <= day < (it.left or date.max)]
        elif indicator == "unions-total":
            there = [(it, 1) for it in self.alive(day, "union")]
        else:
            return 0
        there = [it for it in there if not any(self.holds(group, it[0], day) for group in but)]
        return sum(number for unit, number in there if self.holds(asked, unit, day))

    def carried(self, indicator: str, last: date, scope: str) -> dict[str, Combined]:
        """Go through the days; keep for each unit what it stated beyond what the registers and those below it have.

        What a unit states of itself changes nothing for whoever stated a total above it: of that one's, there is less
        beside it. A cluster stands above its units, in its own table.
        """
        carried: dict[str, Combined] = {}
        moved: dict[str, Combined] = {}
        since: dict[str, date] = {}
        replaced: set[str] = set()
        for day, number, unit in self.days_of_stock(indicator, last, scope):
            before = Counter(carried.get(unit, {}))
            if number is not None:
                now: Combined = Counter({number: 1})
                now[None] -= self.held(indicator, Asked(unit, Window("", day, day)), day)
                for other, combined in carried.items():
                    if other != unit and unit in self.standing(other, day, scope):
                        now.subtract(combined)
                since[unit], moved[unit] = day, Counter()
            elif unit in since:
                now = Counter(before)
                now.subtract(moved[unit])
                found = self.moved(indicator, unit, since[unit], day)
                assert found is not None
                moved[unit] = found
                now.update(found)
            else:
                continue
            self.carry(carried, unit, now, [it for it in self.standing(unit, day, scope) if it not in replaced])
            days = {it: self.last_day(figure) for it, figure in self.last_stated(indicator, day).items()}
            for whole in [it for it in carried if number is not None and it not in replaced]:
                if self.is_replaced(whole, days):
                    replaced.add(whole)
                    self.carry(
                        carried, whole, Counter(), [it for it in self.standing(whole, day, scope) if it not in replaced]
                    )
        return carried

    def carry(self, carried: dict[str, Combined], unit: str, now: Combined, line: Sequence[str]) -> None:
        """Set what a unit carries; whoever carries most nearly above it has less by as much as that is more."""
        before = Counter(carried.get(unit, {}))
        carried[unit] = now
        for above in [it for it in line if it != unit and it in carried][:1]:
            carried[above].update(before)
            carried[above].subtract(now)

    def last_stated(self, indicator: str, day: date) -> dict[str, Figure]:
        """Return by unit what it stated last by a day."""
        found = [it for _number, it in self.stated(indicator) if self.last_day(it) <= day]
        return {it.unit: it for it in sorted(found, key=self.last_day)}

    def days_of_stock(self, indicator: str, last: date, scope: str) -> list[tuple[date, int | None, str]]:
        """Return the days on which a window of a movement ends, and then those of statements, each with its place."""
        days: list[tuple[date, int | None, str]] = []
        for number, figure in self.stated(indicator):
            days.append((self.last_day(figure), number, figure.unit))
        for flow in STOCKS[indicator] or ():
            days += [(it.window.end, None, it.unit) for _number, it in self.stated(flow)]
        days = [it for it in days if it[2] == scope or (it[2] in self.kinds and self.lives(it[2], it[0]))]
        return sorted((it for it in days if it[0] <= last), key=lambda it: (it[0], it[1] is not None, it[1] or 0))

    def standing(self, unit: str, day: date, scope: str) -> list[str]:
        """Return the position of a unit; in the table of a cluster, that stands above its units, and nobody else.

        A unit that was split stands above its parts.
        """
        there = [other for it in self.position(unit, day) for other in (it, *reversed(self.split_from(it)))]
        return (scope in self.clusters and self.within(scope, there)) or there

    def moved(self, indicator: str, unit: str, since: date, day: date, within: Figure | None = None) -> Combined | None:
        """Return what a unit stated of its own movement after its last statement, less what the registers have of it.

        Its net growth counts; and beside it, not in its days, what came and what went. `within` a figure that includes
        it, only what is inside; None where something is not just a part of that figure.
        """
        net, came, went = STOCKS[indicator] or (None, None, None)
        total: Combined = Counter()
        seeds: list[Figure] = []
        for flow, sign in ((net, 1), (came, 1), (went, -1)):
            own = [it for it in self.stated(flow) if it[1].unit == unit]
            own = [it for it in own if since < it[1].window.start and self.last_day(it[1]) <= day]
            found: list[Figure] = []
            for number, figure in sorted(own, key=lambda it: (-it[1].window.days, -it[0])):
                before = self.moved_before(indicator, figure)
                if before is None or any(it.window.meets(figure.window) for it in (*seeds, *found)):
                    continue
                found.append(figure)
                if within and not figure.window.meets(within.window):
                    continue
                if within and not (flow == within.indicator and within.window.holds(figure.window)):
                    return None
                total[number] += sign
                total.subtract(before)
                parts = ((came, 1), (went, -1)) if flow == net else ((flow, sign),)
                at = [Asked(it, figure.window) for it in self.spoken_for(figure)]
                for part, direction in parts:
                    facts = [it for it in self.facts(part or "") if any(self.holds(a, it.unit, it.place) for a in at)]
                    inside = [it for it in facts if figure.window.start <= it.day <= figure.window.end]
                    total[None] -= direction * sum(it.number for it in inside)
            if flow == net:
                seeds = found
        return total

    def moved_before(self, indicator: str, figure: Figure) -> Combined | None:
        """Return what units merged into a figure's own stated inside it, which moved their stock already."""
        total: Combined = Counter()
        for unit in self.spoken_for(figure) - {figure.unit}:
            days = [self.last_day(it) for _number, it in self.stated(indicator) if it.unit == unit]
            if since := max((it for it in days if it <= figure.window.end), default=None):
                moved = self.moved(indicator, unit, since, figure.window.end, within=figure)
                if since >= figure.window.start or moved is None:
                    return None
                total.update(moved)
        return total


def eve(day: date) -> date:
    return day - timedelta(1)


def shared(lines: Sequence[Sequence[str]]) -> list[str]:
    """Return what some lines have in common from the top down, itself from below upwards."""
    found: list[str] = []
    for units in zip(*(reversed(line) for line in lines), strict=False):
        if len({*units}) > 1:
            break
        found.insert(0, units[0])
    return found


def days_of(figure: Figure) -> set[date]:
    """Return the days that a figure speaks of; one of a stock only of its last."""
    first = figure.window.end if figure.indicator in STOCKS else figure.window.start
    return {first + timedelta(it) for it in range((figure.window.end - first).days + 1)}


def added(values: Sequence[Value]) -> Value | None:
    return tuple(sum(column) for column in zip(*values, strict=True)) if values else None


def sum_of(figures: Sequence[Figure]) -> Answer:
    return added([it.value for it in figures]), joined({it.hedge for it in figures})


def joined(hedges: Iterable[str | None]) -> str | None:
    known = {*hedges} - {None}
    return known.pop() if len(known) == 1 else "about" if known else None


def less(one: Answer, other: Answer) -> Answer:
    """Take one from another; nothing known of either is 0. What is at least 20, taken from 100, leaves less than 81."""
    if one[0] is None and other[0] is None:
        return None, None
    value = tuple(map(int.__sub__, one[0] or (0,), other[0] or (0,)))
    if len(value) == 1 and one[1] is None and other[1] == "at-least":
        return (value[0] + 1,), "below"
    return value, joined({one[1], {"at-least": "below", "below": "at-least"}.get(other[1] or "", other[1])})
