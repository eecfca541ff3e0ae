"""The pages show what the commands print, of persons only how many there are, and can be kept as links and files."""

import json
import re
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile, is_zipfile

import pytest

from tests.conftest import Ucli
from tests.web.conftest import CARDS, PERSONS, Reply, Site, served
from ucli.reports.registers import BREAKDOWNS
from ucli.values.units import BY_PERIOD, GROUPINGS

PAGES = ("/", "/report?by=unit", "/report?period=2025&by=sex", "/explain?indicator=members-admitted&period=2025",
         "/movement?by=unit", "/rank", "/rank?indicator=news-items", "/score", "/series", "/units?unions=1",
         "/unit?unit=DH", "/search?q=hung", "/log", "/list/payouts", "/list/awards", "/list/clusters")  # fmt: skip


def links_of(reply: Reply) -> Iterator[str]:
    found = re.findall(r'(?:href|src)="(/[^"]*)"', reply.text)
    return (unescape(it) for it in found)


def texts_in(reply: Reply) -> str:
    """Return all that a page or file says, a workbook or document unpacked."""
    if not is_zipfile(BytesIO(reply.body)):
        return reply.text
    with ZipFile(BytesIO(reply.body)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def heading(reply: Reply) -> str:
    found = re.search(r"<h1>(.*?)</h1>", reply.text)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize("path", PAGES)
def test_each_page_answers_in_both_languages(site: Site, path: str) -> None:
    mark = "&" if "?" in path else "?"
    vietnamese, english = site.ask(path), site.ask(f"{path}{mark}lang=en")
    assert (vietnamese.status, english.status) == (200, 200), vietnamese.text[:2000]
    assert '<html lang="vi">' in vietnamese.text
    assert '<html lang="en">' in english.text
    assert "Overview" in english.text
    assert "Tổng quan" in vietnamese.text


def test_no_person_stands_on_any_page_or_in_any_file_that_a_link_leads_to(site: Site) -> None:
    seen: Counter[str] = Counter()
    waiting = ["/", "/explain?indicator=members-total&period=2025", "/report?by=sex", "/list/awards"]
    while waiting:
        path = waiting.pop()
        page = path.partition("?")[0]
        seen[page] += 1
        # Of pages of one kind, and of their files, some are enough.
        if seen[page] > (1 if "." in page else 12) or page == "/style.css":
            continue
        reply = site.ask(path)
        assert reply.status == 200, path
        said = texts_in(reply)
        assert not [it for it in (*PERSONS, *CARDS) if it in said], path
        if "text/html" in reply.headers["content-type"] and "content-disposition" not in reply.headers:
            waiting += links_of(reply)
    assert len(seen) > 60


def test_a_table_says_what_the_command_prints(site: Site, web_ledger: Path, ok: Ucli) -> None:
    rows = json.loads(ok("--db", web_ledger, "report", "2025", "-f", "json").out)["rows"]
    page = site.ask("/report?period=2025")
    assert {row["indicator"]: row["actual"] for row in rows}["news-items"] == 46
    assert "≥ 46" in page.text or "46" in page.text
    admitted = next(row for row in rows if row["indicator"] == "members-admitted")
    assert re.search(rf">{admitted['actual']}\*?</a>", page.text)
    assert heading(page) == ok("--db", web_ledger, "--lang", "vi", "report", "2025").out.partition("\n")[0].strip()


def test_the_overview_says_what_is_due_and_who_has_not_reported(site: Site) -> None:
    page = site.ask("/")
    due = page.text.partition("Đến hạn báo cáo")[2].partition("<h2>")[0]
    assert "Báo cáo năm" in due
    assert "chưa có: LĐLĐ huyện Hưng Hà" in due
    missing = page.text.partition("Chưa báo cáo")[2].partition("</section>")[0]
    assert "/report?unit=DH&amp;period=2025" in missing


@pytest.mark.parametrize("by", [it for it in (*GROUPINGS, *BREAKDOWNS) if it != BY_PERIOD])
def test_a_table_is_made_by_whatever_the_command_knows(site: Site, by: str) -> None:
    assert site.ask(f"/report?period=2025&by={by}").status == 200


def test_a_cell_leads_to_the_rows_that_it_comes_from(site: Site) -> None:
    table = site.ask("/report?period=2025&by=unit")
    cell = next(it for it in links_of(table) if it.startswith("/explain") and "HH" in it and "news-items" in it)
    explained = site.ask(cell)
    assert "25" in explained.text
    figures = next(it for it in links_of(explained) if it.startswith("/list/figures?") and "indicator" in it)
    rows = site.ask(figures)
    assert ">25</span>" in rows.text
    assert "LĐLĐ huyện Kiến Xương" not in rows.text


@pytest.mark.parametrize(
    ("form", "begins"), [("xlsx", b"PK"), ("docx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("html", b"<!DOC")]
)
def test_what_is_shown_is_kept_as_a_file(site: Site, form: str, begins: bytes) -> None:
    reply = site.ask(f"/report.{form}?period=2025&by=unit")
    assert (reply.status, reply.body[: len(begins)]) == (200, begins)
    assert reply.headers["content-disposition"] == f'attachment; filename="report-34-2025.{form}"'
    assert "LĐLĐ huyện Hưng Hà" in texts_in(reply) or "Hưng Hà" in texts_in(reply)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/report.docx?period=2025", "đã kết nạp 3/10 đoàn viên"),
        ("/explain.csv?period=2025&indicator=members-total", "CĐCS May Hưng Hà"),
        ("/rank.csv?period=2025", "LĐLĐ huyện Kiến Xương"),
        ("/score.xlsx?period=2025", "LĐLĐ huyện Kiến Xương"),
        ("/movement.csv?period=2025", "Cuối kỳ"),
        ("/series.csv?period=2025", "2025-02"),
        ("/units.csv?on=2025-06-30", "LĐLĐ huyện Cũ"),
        ("/unit.csv?unit=DH", "LĐLĐ huyện Cũ"),
        ("/list/figures.csv?unit=HH", "25"),
        ("/log.csv", "add-figure"),
    ],
)
def test_a_file_of_any_page_has_what_the_page_shows(site: Site, path: str, says: str) -> None:
    assert says in texts_in(site.ask(path))


@pytest.mark.parametrize("typed", ["hung ha", "HƯNG HÀ", "hh", "huyen hung ha"])
def test_units_are_found_in_any_spelling(site: Site, typed: str) -> None:
    assert "LĐLĐ huyện Hưng Hà" in site.ask(f"/search?q={quote(typed)}").text


def test_the_tree_is_that_of_its_day_and_a_unit_has_a_life(site: Site) -> None:
    before, after = site.ask("/units?on=2025-06-30"), site.ask("/units?on=2025-07-01")
    assert "LĐLĐ huyện Cũ" in before.text
    assert "LĐLĐ huyện Cũ" not in after.text
    life = site.ask("/unit?unit=DH")
    assert "LĐLĐ huyện Cũ" in life.text
    assert "01/07/2025" in life.text


def test_a_series_is_drawn_and_stands_beside_as_a_table(site: Site) -> None:
    page = site.ask("/series?period=2025&indicator=news-items")
    assert page.text.count("<rect ") == 12
    assert 'role="img"' in page.text
    assert "2025-02: 14" in page.text
    assert "<table" in page.text


def test_nobody_is_told_names_by_the_search(site: Site) -> None:
    for name in PERSONS:
        assert "Không tìm thấy" in site.ask(f"/search?q={quote(name)}").text


def test_a_new_ledger_has_pages_too(tmp_path: Path, ok: Ucli) -> None:
    ok("init")
    with served(tmp_path / "so.db") as (_process, address):
        site = Site(address).enter()
        assert [site.ask(it).status for it in ("/", "/report?by=unit", "/series", "/units", "/log")] == [200] * 5
        assert "/score" not in site.ask("/").text  # no scheme is kept


def test_a_page_says_when_the_ledger_has_moved_on(web_ledger: Path, tmp_path: Path, ok: Ucli) -> None:
    ledger = Path(shutil.copy(web_ledger, tmp_path / "so.db"))
    with served(ledger) as (_process, address):
        site = Site(address).enter()
        page = site.ask("/report?period=2025")
        assert page.text == site.ask("/report?period=2025").text  # from the cache
        live = next(it for it in links_of(page) if it.startswith("/live"))
        assert "mới nhất" in site.ask(live).text
        ok("--db", ledger, "add-figure", "news-items", "54", "--unit", "KX", "--period", "2025-04")
        moved = site.ask(live)
        assert "đến thao tác 28" in moved.text
        assert 'href="/report?period=2025"' in moved.text
        assert moved.headers["refresh"] == "60"
        assert "≥ 100" in site.ask("/report?period=2025").text


def test_ctrl_c_ends_it_and_each_request_left_a_line_without_what_was_asked(web_ledger: Path) -> None:
    with served(web_ledger) as (process, address):
        Site(address).enter().ask("/search?q=hung")
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert re.search(r"^\d{4}-\d\d-\d\d [\d:]+ GET /search 200 \d+ ms$", err, re.MULTILINE)
    assert "hung" not in err
    assert "token" not in err.partition("\n")[2]
