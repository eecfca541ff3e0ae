"""The choices of a page (unit, period, grouping), all of them in its address, so that a link can be sent and kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from ucli.errors import RejectedError, UsageError
from ucli.i18n import LANGUAGES, _
from ucli.render.cross import LAYOUTS
from ucli.reports.registers import BREAKDOWNS
from ucli.reports.request import Request
from ucli.values.dates import parse_date
from ucli.values.units import BY_PERIOD, CLUSTER, GROUPINGS, Unit, parse_structure

_LONGEST, _MOST_INDICATORS = 200, 20  # the longest choice, and the most indicators
_BY = ("", *(it for it in GROUPINGS if it != BY_PERIOD), *BREAKDOWNS)


class Choice(NamedTuple):
    """The choices of an address as typed; one that is not made is empty."""

    unit: str = ""
    cluster: str = ""
    period: str = ""
    as_of: str = ""
    against: str = ""
    compare: str = ""
    structure: str = ""
    by: str = ""
    layout: str = ""
    indicator: tuple[str, ...] = ()
    on: str = ""  # the day of the tree of units
    unions: str = ""  # whether the tree shows grassroots unions
    q: str = ""  # the text searched for
    lang: str = ""

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> Self:
        """Read the choices of an address; refuse one that is unknown, repeated or too long."""
        found: dict[str, Any] = {}
        for key, typed in pairs:
            value = typed.strip()
            if key not in cls._fields:
                raise UsageError(_("No page has the choice “{name}”.").format(name=key[:40]))
            if len(value) > _LONGEST or "\0" in value:
                raise UsageError(_("The choice “{name}” is too long.").format(name=key))
            if not value:
                continue
            if key == "indicator":
                found[key] = (*found.get(key, ()), value)
            elif key in found:
                raise UsageError(_("The choice “{name}” is given twice.").format(name=key))
            else:
                found[key] = value
        if len(found.get("indicator", ())) > _MOST_INDICATORS:
            raise UsageError(_("At most {most} indicators can be chosen.").format(most=_MOST_INDICATORS))
        for key, known in (("by", _BY), ("layout", LAYOUTS), ("lang", LANGUAGES)):
            if found.get(key, known[0]) not in known:
                raise UsageError(_("The choice “{name}” is not one of those offered.").format(name=key))
        return cls(**found)

    def link(self, page: str, **other: object) -> str:
        """Return the address of a page with these choices and some changes; None removes one."""
        values = {**self._asdict(), **other}
        pairs = [(key, it) for key, value in values.items() for it in _several(value)]
        return f"{page}?{urlencode(pairs)}" if pairs else page

    def of_subject(self) -> Self:
        """Return the choices that carry over to any other page about the same unit and period."""
        return self._replace(by="", layout="", indicator=(), on="", unions="", q="")

    def about(self, unit: Unit) -> Self:
        """Return these choices for another unit or cluster."""
        is_cluster = unit.kind == CLUSTER
        return self._replace(unit="" if is_cluster else unit.code, cluster=unit.code if is_cluster else "")

    @property
    def day(self) -> date:
        """The day of the tree of units; today if none is chosen."""
        return parse_date(self.on) if self.on else date.today()  # noqa: DTZ011

    def request(self, **other: Any) -> Request:
        """Return the request for a report."""
        asked = Request(
            unit=self.unit or None,
            cluster=self.cluster or None,
            period=self.period or None,
            as_of=parse_date(self.as_of) if self.as_of else None,
            structure=parse_structure(self.structure) if self.structure else None,
            against=self.against or None,
            compare=self.compare or None,
            is_structure_given=bool(self.structure),
            indicators=self.indicator,
            by=self.by or None,
        )
        return asked._replace(**other)


def _several(value: object) -> list[str]:
    return [str(it) for it in value if it] if isinstance(value, tuple) else [str(value)] if value else []


def require_short(days: int, by: str) -> None:
    """Refuse a period too long for a page."""
    most = {"month": 10, "quarter": 20}.get(by, 60)
    if days > most * 366:
        raise RejectedError(
            _("The period is too long for a page."), instead=_("Choose at most {years} years.").format(years=most)
        )
