"""Scoring units by an office's own scheme."""

from pathlib import Path

from ucli.cli.commands import ReportCommand, command
from ucli.cli.opening import reading, writing
from ucli.cli.output import show
from ucli.cli.report import by_units, warn_of_future
from ucli.cli.values import table_file
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.importing.reader import rows_of
from ucli.ledger import settings, units
from ucli.render.scoring import scoring_sheet
from ucli.reports.request import Request, look_back_to, report_asked
from ucli.reports.scoring import indicators_of, scored
from ucli.values.schemes import COLUMNS, REQUIRED, scheme_of


@command(ReportCommand)
def score(
    *,
    file: str | None = None,
    asked: Request,
    issuer: str | None = None,
    keep: bool = False,
    decimals: int = 2,
) -> None:
    """A scheme is a table with the columns Loại, Nội dung, Mã, Điểm, Cách chấm and Tối đa.

    A criterion (tiêu chí) earns up to its points: “tỷ lệ” in proportion to attainment, by steps like “100%: 20; 80%:
    15”, or “điểm”, where the figure itself is the points: what an office judges is an indicator of its own, added with
    “ucli add-indicator”.

    A bonus or penalty (thưởng, trừ) is its points for every full “mỗi 1” of the value, or “mỗi 10%” above or below the
    target, and never more than Tối đa.

    A condition (điều kiện) is “tối đa 0”, “85%” or “đạt 50%”: who fails it is left out, or gets no better class than
    the one named under Tối đa. A class (xếp loại) begins at its points; “mỗi tiêu chí 50%” asks that much of each.

    Points are exact and equals share a place. What is missing counts as 0, what is hedged as what is certain, and both
    are marked. A criterion without a target, or that does not apply, is left out, and the others make up the maximum.
    """
    if file and not Path(file).suffix:
        # A word that names no file is the beginning of the period.
        asked, file = asked._replace(words=[file, *asked.words]), None
    path = table_file(file) if file else None
    read = scheme_of(path.stem, rows_of(path, COLUMNS, REQUIRED)) if path else None
    with reading() as db:
        look_back_to(db, asked.as_known)
        last = settings.last_scheme(db)
        used = read or last
        if used is None:
            raise UsageError(
                _("No scheme is kept in this ledger."),
                instead=_("Name one: ucli score SCHEME.csv; --keep keeps it for the next time."),
            )
        indicators = indicators_of(db, used)
        codes = list(dict.fromkeys(it.code for it in indicators.values()))
        answer = report_asked(db, by_units(asked)._replace(indicators=codes))
        given_by = units.find(db, issuer).id if issuer else None
    warn_of_future(asked, answer.as_of)
    is_kept = keep or (last is not None and last.digest == used.digest)
    scores = scored(answer, used, indicators, given_by)
    sheet = scoring_sheet(answer, scores, used, indicators, decimals, is_kept=is_kept)
    show(sheet, about=answer.total.unit, day=asked.structure or answer.total.window.end)
    if keep:
        with writing() as (op, say):
            settings.keep_scheme(op, used)
            say(_("The scheme {name} ({digest}) is kept."), name=used.name, digest=used.digest[:12])
