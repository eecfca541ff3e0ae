"""The life of a unit as a sheet: one event a line."""

from ucli.i18n import _, marked
from ucli.render import Sheet
from ucli.render.labels import word
from ucli.reports.lives import UnitLife
from ucli.values.units import Unit

_WHAT = {
    "founded": marked("founded"),
    "named": marked("called"),
    "renamed": marked("called from then on"),
    "under": marked("under"),
    "moved": marked("moved under"),
    "absorbed": marked("another unit was merged into it"),
    "came": marked("came out of"),
    "parted": marked("gave a part to"),
    "followed": marked("followed by"),
    "ended": marked("ended"),
}
_COLUMNS = ["day", "what", "detail", "decision"]


def life_sheet(life: UnitLife) -> Sheet:
    """Return the events of a unit's life; JSON also has its names and parents with their days."""
    rows: list[list[object]] = [
        [it.day, _(_WHAT[it.what]), word(it.detail) if it.what == "ended" else it.detail, it.decision]
        for it in life.events
    ]
    records: list[dict[str, object]] = [it._asdict() for it in life.events]
    return Sheet(
        headings=[_("Day"), _("Event"), _("Detail"), _("Decision")],
        rows=rows,
        records=records,
        columns=_COLUMNS,
        title=f"{life.unit.name} ({life.unit.code}, {word(life.unit.kind)})",
        document={
            "schema": "ucli.unit/1",
            **_unit(life.unit),
            "kind": life.unit.kind,
            "sector": life.sector,
            "founded": life.founded,
            "ended": life.ended,
            "end_reason": life.end_reason,
            "names": life.names,
            "parents": life.parents,
            "successors": [_unit(it) for it in life.successors],
            "predecessors": [_unit(it) for it in life.predecessors],
            "events": records,
        },
    )


def _unit(unit: Unit) -> dict[str, object]:
    return {"code": unit.code, "name": unit.name}
