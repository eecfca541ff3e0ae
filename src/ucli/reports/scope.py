"""Whose facts a table counts."""

from typing import NamedTuple

from ucli.domain.periods import BEGINNING, FOREVER


class Scope(NamedTuple):
    """Whose facts are counted: everything at or below `roots`, and what a cluster itself states.

    A group that stood in its whole only part of the time counts there `since` a day `until` (not including) another.
    """

    roots: tuple[int, ...]
    clusters: tuple[int, ...] = ()
    since: str = BEGINNING
    until: str = FOREVER

    @property
    def own(self) -> tuple[int, ...]:
        """The units whose own figures speak for the whole scope."""
        return self.clusters or (self.roots if len(self.roots) == 1 else ())
