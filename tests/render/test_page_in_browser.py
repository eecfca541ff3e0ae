"""The page in a real browser without a network: it shows, prints, fits a phone, and nothing in it runs."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ucli

EVIL = "LĐLĐ huyện <script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
# Of the elements that show text, those that are cut or lie outside the window.
CUT = """() => [...document.querySelectorAll('h1, p, caption, th, td, td > span, li')]
  .filter(it => it.closest('thead') === null)
  .filter(it => it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).display !== 'inline'
    || it.getBoundingClientRect().right > innerWidth + 1 || it.getBoundingClientRect().left < 0)
  .map(it => it.textContent)"""


@pytest.fixture
def file(province: Ucli, tmp_path: Path) -> Path:
    """Write a page of enough rows for two sheets of paper, with a name that would like to run."""
    lines = [f"add-unit {shlex.quote(EVIL)} --kind district --code EVIL"]
    for number in range(12):
        lines += [
            f"add-unit 'LĐLĐ huyện Vĩnh Phú Trung {number}' --kind district --code D{number}",
            f"set-target members-admitted 1.000 --unit D{number} --period 2023",
            f"add-figure members-admitted {100 * (number + 8)} --unit D{number} --period 2023",
            f"add-figure welfare-amount 1.234.567.891 --unit D{number} --period 2023",
        ]
    (tmp_path / "lenh.txt").write_text("\n".join(lines), encoding="utf-8")
    province("batch", "--atomic", tmp_path / "lenh.txt")
    province(
        "report",
        "--by",
        "district",
        "--layout",
        "long",
        "--period",
        "2023",
        "-o",
        tmp_path / "bang.html",
        "--lang",
        "vi",
    )
    return tmp_path / "bang.html"


def opened(chromium: Any, file: Path, width: int, height: int) -> tuple[Any, list[str]]:
    """Open the file offline; return the page, and all it asked for or complained of."""
    page = chromium.new_context(viewport={"width": width, "height": height}, offline=True).new_page()
    noticed: list[str] = []
    page.on("request", lambda request: noticed.append(request.url))
    page.on("console", lambda message: noticed.append(message.text))
    page.on("dialog", lambda dialog: noticed.append(dialog.message))
    page.goto(file.as_uri())
    return page, noticed


def test_it_opens_without_a_network_and_nothing_runs(chromium: Any, file: Path) -> None:
    page, noticed = opened(chromium, file, 1200, 900)
    assert noticed == [file.as_uri()]
    assert page.title().startswith("LĐLĐ tỉnh Thái Bình")
    assert EVIL in page.inner_text("main")
    assert page.locator("script, img").count() == 0
    headings = page.locator("thead th")
    assert headings.count() == 7
    assert all(headings.nth(place).is_visible() for place in range(7))
    assert page.get_by_role("columnheader", name="Tỷ lệ đạt").is_visible()
    assert page.get_by_role("rowheader", name="LĐLĐ huyện Vĩnh Phú Trung 3").count() == 2
    assert page.get_by_role("img", name="Đạt 190,0% chỉ tiêu").is_visible()
    assert page.get_by_role("img").count() == 12
    assert page.evaluate(CUT) == []


def test_on_a_phone_nothing_is_cut(chromium: Any, file: Path) -> None:
    page, _ = opened(chromium, file, 320, 640)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(CUT) == []
    cell = page.locator("td[data-heading='Tỷ lệ đạt']").first
    assert "Tỷ lệ đạt" in cell.evaluate("it => getComputedStyle(it, '::before').content")


def test_it_prints_on_a4_with_its_headings_on_every_sheet(chromium: Any, file: Path) -> None:
    page, _ = opened(chromium, file, 1200, 900)
    printed = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert len(sheets) >= 2
    assert {(round(float(width)), round(float(height))) for width, height in sheets} == {(842, 595)}
    page.emulate_media(media="print")
    assert page.locator("thead").evaluate("it => getComputedStyle(it).display") == "table-header-group"
    assert page.locator("tbody tr").first.evaluate("it => getComputedStyle(it).breakInside") == "avoid"
