"""The pages by address; an answer is cached until the ledger changes."""

import re
import sqlite3
import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ucli.errors import LedgerError, NotFoundError, RefusedError, RejectedError, UcliError
from ucli.i18n import LANGUAGES, _, chosen, speak
from ucli.ledger import catalogue, settings, units
from ucli.ledger.operations import last_operation
from ucli.ledger.viewing import viewed
from ucli.render import render
from ucli.render.cells import text_of
from ucli.render.filled import LONGEST
from ucli.render.labels import cell_of, heading, word
from ucli.render.tables import is_for_a_terminal
from ucli.reports.letterhead import letterhead_of
from ucli.reports.listings import LISTS, periods_in_use
from ucli.reports.registers import BREAKDOWNS, SECTOR
from ucli.reports.scope import Tree
from ucli.sanitize import sanitize
from ucli.values.dates import moment_text
from ucli.values.numbers import grouped
from ucli.values.units import CLUSTER, KINDS
from ucli.web import pages, places
from ucli.web.choices import Choice
from ucli.web.pages import Page
from ucli.web.tables import cells_of, tables_of

Make = Callable[[sqlite3.Connection, Choice], Page]

PAGES: dict[str, Make] = {
    "/": places.overview_page,
    "/report": pages.report_page,
    "/explain": pages.explain_page,
    "/movement": pages.movement_page,
    "/rank": pages.rank_page,
    "/score": pages.score_page,
    "/series": pages.series_page,
    "/units": places.units_page,
    "/unit": places.unit_page,
    "/search": places.search_page,
    "/log": places.log_page,
    **{f"/list/{name}": places.list_page(name) for name in LISTS},
}
# Downloads: our format and the media type. A .csv is opened by Excel.
FORMS = {
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": ("excel", "text/csv; charset=utf-8"),
    "html": ("html", "text/html; charset=utf-8"),
}
_WITHOUT_FILE = ("/", "/search")
_OF_A_PERIOD = ("/", "/report", "/explain", "/movement", "/rank", "/score", "/series")
_MOST_IN_DOCUMENT = 60_000  # cells; a larger document takes minutes and a gigabyte of memory
_SECONDS = 60.0  # for an answer
_AT_ONCE = 4  # answers computed at the same time
_KEPT_BYTES, _KEPT_AT_MOST = 64 << 20, 4 << 20  # bytes of all cached answers, and of one
_STATUS = {NotFoundError: 404, RefusedError: 409, LedgerError: 503}
_LIVE_SECONDS = 60
_TEMPLATES = Path(__file__).with_name("templates")
_STYLE = Response(
    (_TEMPLATES / "style.css").read_bytes(), media_type="text/css", headers={"Cache-Control": "private, max-age=3600"}
)


class Pages:
    """Answers requests about one ledger."""

    def __init__(self, ledger: Path, language: str, seconds: float = _SECONDS) -> None:
        self._ledger, self._language, self._seconds = ledger, language, seconds
        self._kept: OrderedDict[object, Response] = OrderedDict()
        self._bytes = 0
        self._lock, self._locks = Lock(), defaultdict[object, Lock](Lock)
        self._limiter = CapacityLimiter(_AT_ONCE)
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, finalize=_harmless, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.globals |= {"_": _, "word": word, "cell_of": cell_of, "text_of": text_of, "grouped": grouped,
                                    "tables_of": tables_of, "longest": LONGEST}  # fmt: skip

    def app(self) -> Starlette:
        """Return the application with its routes."""
        routes = [Route("/style.css", _STYLE), Route("/live", self._live)]
        for path, make in PAGES.items():
            routes.append(Route(path, partial(self._respond, path, make, "")))
            if path not in _WITHOUT_FILE:
                routes += [Route(f"{path}.{form}", partial(self._respond, path, make, form)) for form in FORMS]
        found = Starlette(routes=routes, exception_handlers={404: self._no_page, 405: self._no_page})
        found.router.redirect_slashes = False
        return found

    async def _respond(self, path: str, make: Make, form: str, request: Request) -> Response:
        pairs = request.query_params.multi_items()
        return await to_thread.run_sync(self._answer, path, make, form, pairs, limiter=self._limiter)

    async def _no_page(self, request: Request, _error: Exception) -> Response:
        del request
        speak(self._language)
        return self._refused(NotFoundError(_("There is no such page.")))

    async def _live(self, request: Request) -> Response:
        """Say on which operation a page stands, and whether the ledger has moved on; it looks again by itself."""
        language, since, back = (request.query_params.get(it, "") for it in ("lang", "since", "back"))
        speak(language if language in LANGUAGES else self._language)
        try:
            number, _at = await to_thread.run_sync(self._stands_on)
        except UcliError as error:
            return self._refused(error)
        is_local = re.fullmatch(r"/[a-z/]*(\?[^\s\\]*)?", back) and not back.startswith("//")
        has_moved = since != str(number)
        page = self._written("live.html", number=number, has_moved=has_moved, back=back if is_local else "/")
        page.headers["Refresh"] = str(_LIVE_SECONDS)
        return page

    def _stands_on(self) -> tuple[int, str]:
        with viewed(self._ledger, self._seconds) as db:
            return last_operation(db)

    def _answer(self, path: str, make: Make, form: str, pairs: Sequence[tuple[str, str]]) -> Response:
        """Answer a request; an error becomes a page, in the language asked for."""
        asked = dict(pairs).get("lang", "")
        speak(asked if asked in LANGUAGES else self._language)
        try:
            choice = Choice.of(pairs)
            with viewed(self._ledger, self._seconds) as db:
                key = (last_operation(db), date.today(), chosen(), path, form, choice)  # noqa: DTZ011
                with self._lock:
                    lock = self._locks[key]
                with lock:  # simultaneous requests for the same page wait for one answer
                    return self._kept_or_made(key, partial(self._made, db, path, make, form, choice))
        except UcliError as error:
            return self._refused(error)
        except Exception as error:  # noqa: BLE001  its text may hold what was recorded: only its kind is said
            print(f"ucli: {type(error).__module__}.{type(error).__qualname__}", file=sys.stderr, flush=True)  # noqa: T201
            what = _("This is a bug in ucli ({kind}).").format(kind=type(error).__name__)
            return self._refused(UcliError(what), 500)

    def _kept_or_made(self, key: object, make: Callable[[], Response]) -> Response:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        try:
            answer = make()
        finally:
            with self._lock:
                self._locks.pop(key, None)
        with self._lock:
            if len(answer.body) <= _KEPT_AT_MOST and key not in self._kept:
                self._kept[key] = answer
                self._bytes += len(answer.body)
            while self._bytes > _KEPT_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1].body)
        return answer

    def _made(self, db: sqlite3.Connection, path: str, make: Make, form: str, choice: Choice) -> Response:
        typed = choice
        if path in _OF_A_PERIOD and not choice.period:
            choice = choice._replace(period=pages.default_period(db))
        page = make(db, choice)
        if form and page.sheet:
            return _file(db, page, form, path)
        return self._written(page.template, **{**self._frame(db, page, path, typed), **page.data})

    def _frame(self, db: sqlite3.Connection, page: Page, path: str, typed: Choice) -> dict[str, Any]:
        """Return what the frame of every page needs."""
        office = units.office(db)
        number, at = last_operation(db)
        downloads = [] if path in _WITHOUT_FILE else [(form, page.choice.link(f"{path}.{form}")) for form in FORMS]
        back = typed.link(path)
        return {
            "language": chosen(),
            "title": page.sheet.title if page.sheet else "",
            "crumbs": _crumbs(db, page),
            "page": page,
            "path": path,
            "choice": page.choice,
            "subject": page.choice.of_subject(),
            "office": office.name if office else _("Ledger"),
            "downloads": downloads,
            "languages": [(it, typed.link(path, lang=it)) for it in LANGUAGES],
            "has_scores": settings.last_scheme(db) is not None,
            "operation": number,
            "at": moment_text(at) if at else "",
            "live": Choice(lang=typed.lang).link("/live", since=number, back=back),
            "periods": periods_in_use(db, 12),
            **_groupings(),
            "lists": [(name, _(title)) for name, (title, *_rest) in LISTS.items()],
            "indicators": [(it.code, it.name(chosen())) for it in catalogue.indicators(db)],
        }

    def _refused(self, error: UcliError, status: int = 0) -> Response:
        lines = [it for it in error.lines() if not is_for_a_terminal(it) or it == error.what]
        status = status or next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
        return self._written("error.html", status, lines=lines, language=chosen())

    def _written(self, template: str, code: int = 200, /, **data: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(language_now=chosen(), **data), code)


def _crumbs(db: sqlite3.Connection, page: Page) -> list[tuple[str, str]]:
    """Return the path from the top unit to that of the page, each with the address of its report."""
    unit, day, there = page.about, page.day, page.choice.of_subject()
    if unit is None or day is None or unit.kind == CLUSTER:
        return []
    above = [units.unit_at(db, it, day) for it in Tree(db).ancestors(unit.id, day.isoformat())] or [unit]
    return [(it.name, there.about(it).link("/report")) for it in above]


def _file(db: sqlite3.Connection, page: Page, form: str, path: str) -> Response:
    """Return the contents of a page as a file to download."""
    assert page.sheet  # noqa: S101  a page without one has no such address
    ours, media = FORMS[form]
    is_list, day = path.startswith(("/list", "/log", "/unit")), page.day or date.today()  # noqa: DTZ011
    page.sheet.letterhead = letterhead_of(db, page.about, day, subject=page.sheet.title, is_list=is_list)
    if form in ("docx", "html") and (cells := cells_of(page.sheet, ours)) > _MOST_IN_DOCUMENT:
        raise RejectedError(
            _("A document of {count} cells is too long to be read.").format(count=grouped(cells)),
            instead=_("Take the table as .xlsx or .csv, or choose one unit or a shorter period."),
        )
    body = render(page.sheet, ours)
    name = "-".join(filter(None, (path.strip("/"), page.about and page.about.code, page.choice.period)))
    file = f"{re.sub('[^A-Za-z0-9-]+', '-', name)[:60]}.{form}"
    return Response(body, media_type=media, headers={"Content-Disposition": f'attachment; filename="{file}"'})


def _harmless(value: object) -> object:
    """Return a text without characters that change its direction; markup of our own templates is left alone."""
    return sanitize(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _groupings() -> dict[str, list[tuple[str, str]]]:
    """Return the choices of --by that pages offer, with their names."""
    by_time = [("month", _("month")), ("quarter", _("quarter")), ("year", _("year"))]
    by_units = [("unit", _("units directly below")), *((it, word(it)) for it in (*KINDS, CLUSTER))]
    parts = [(it, heading("sector" if it == SECTOR else it)) for it in BREAKDOWNS]
    none = [("", _("the whole"))]
    by_any = [*none, *by_units, *by_time, *parts]
    return {"by_any": by_any, "by_units": by_units, "by_movement": [*none, *by_units, *by_time], "by_time": by_time}
