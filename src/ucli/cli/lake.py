"""Where a report is counted: in the ledger, or in a lake, whose facts an engine adds up."""

from contextlib import closing
from pathlib import Path

from ucli.cli.commands import FileCommand, command
from ucli.cli.opening import reading
from ucli.cli.session import answer, tell
from ucli.errors import UsageError
from ucli.exchange import engines, lake
from ucli.i18n import _, counted
from ucli.reports.attainment import Report
from ucli.reports.request import Request, question_of, report_asked
from ucli.values.numbers import size_text


@command(FileCommand)
def export_lake(folder: Path) -> None:
    """It holds sums by unit and day of this ledger and of the bundles it imported; no personal data."""
    with reading() as db:
        made = lake.export_lake(db, folder)
    size, number = sum(it["bytes"] for it in made["files"]), made["origins"][0]["operation"]
    text = _("The lake {folder} holds everything up to operation {number}: {files:file|files}, {size}.")
    tell(counted(text, files=len(made["files"])).format(folder=folder, number=number, size=size_text(size)))
    answer({"folder": str(folder), "operation": number, "files": len(made["files"]), "size": size})


def reported(asked: Request, folder: Path, engine: str | None, seconds: int) -> tuple[Report, list[str]]:
    """Return a report, and what its foot says of where it was counted.

    All of a lake that is no fact is a ledger in memory; an engine adds up the facts.
    """
    if asked.as_known:
        raise UsageError(
            _("A lake holds sums as they are now."),
            instead=_("Run it on the ledger itself, without --lake."),
        )
    name = engine or engines.DUCKDB
    opened = lake.opened_lake(folder)
    with closing(lake.ledger_of(opened)) as db:
        # Which funds there are, the facts tell.
        of_all = asked._replace(sector=None, sex=None, form=None, fund=None, programme=None)
        question = question_of(db, of_all)
        questions = [question, *([question.then] if question.then else [])]
        pieces = lake.pieces(db, [(it.window.start, it.counted_to) for it in questions])
        made = engines.within(seconds, lambda: lake.counted(pieces, opened, engines.engine_of(name)), name)
        lake.write(db, made)
        known = (f"{it['name'] or it['ledger'][:8]} ({it['operation']})" for it in opened.origins)
        foot = _("Counted by {engine} from a lake; each origin up to its operation: {origins}.")
        return report_asked(db, asked), [foot.format(engine=name, origins="; ".join(known))]
