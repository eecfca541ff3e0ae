"""Whose facts a table counts."""

from typing import NamedTuple


class Scope(NamedTuple):
    """Whose facts are counted: everything at or below `roots`, and what a cluster itself states."""

    roots: tuple[int, ...]
    clusters: tuple[int, ...] = ()

    @property
    def own(self) -> tuple[int, ...]:
        """The units whose own figures speak for the whole scope."""
        return self.clusters or (self.roots if len(self.roots) == 1 else ())
