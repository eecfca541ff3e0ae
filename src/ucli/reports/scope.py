"""Whose facts a table counts."""

from typing import NamedTuple

from ucli.domain.periods import BEGINNING, FOREVER

Stays = tuple[tuple[str, str], ...]  # each from a day until (not including) another, one after the other
ALWAYS: Stays = ((BEGINNING, FOREVER),)


class Scope(NamedTuple):
    """Whose facts are counted: everything at or below `roots`, and what a cluster itself states.

    A group that stood in its whole only part of the time counts there for its `stays`.
    """

    roots: tuple[int, ...]
    clusters: tuple[int, ...] = ()
    stays: Stays = ALWAYS

    @property
    def own(self) -> tuple[int, ...]:
        """The units whose own figures speak for the whole scope."""
        return self.clusters or (self.roots if len(self.roots) == 1 else ())

    def holds(self, day: str) -> bool:
        """Tell whether a fact of a day is counted."""
        return any(since <= day < until for since, until in self.stays)

    def on(self, day: str) -> str:
        """Say in SQL that a day is one whose facts are counted."""
        spans = (f"'{since}' <= {day} AND {day} < '{until}'" for since, until in self.stays)
        return f"({' OR '.join(spans)})"
