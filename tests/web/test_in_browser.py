"""The walk of a director in a real browser: on a desk and on a phone, by keyboard alone, without a script."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import Site

# axe-core 4.14.1, as its makers publish it; its licence stands beside it.
AXE = (Path(__file__).parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
FOUND = """async rules => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations']});
  return [found.passes.length > 10, found.violations.map(it => [it.id, it.nodes.map(node => node.html).slice(0, 3)])]
}"""
PAGES = (
    *("/", "/report?by=unit&period=2025", "/explain?indicator=members-total&period=2025"),
    *("/series?period=2025&indicator=news-items", "/units?unions=1", "/unit?unit=DH", "/report?unit=nowhere"),
)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def opened(chromium: Any, site: Site) -> Iterator[Any]:
    """Open the first address in a window of a size; nothing may be asked for elsewhere, and no error said."""
    contexts = []
    noticed: list[str] = []

    def open_(size: dict[str, int], *, scripts: bool = True) -> Any:
        context = chromium.new_context(viewport=size, java_script_enabled=scripts, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda it: noticed.append(it.text) if "404" not in it.text else None)
        page.on("request", lambda it: None if f":{site.port}/" in it.url else noticed.append(it.url))
        page.goto(site.address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert noticed == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_director_walks_from_the_overview_to_the_rows_and_takes_them_along(opened: Any, size: dict[str, int]) -> None:
    page = opened(size, scripts=False)
    assert "token" not in page.url
    page.get_by_role("link", name="So sánh các đơn vị").click()
    page.get_by_role("rowheader", name="LĐLĐ huyện Hưng Hà").get_by_role("link").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("LĐLĐ huyện Hưng Hà")
    page.get_by_role("row", name="Tin, bài").get_by_role("link", name="25").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Tin, bài đăng tải: LĐLĐ huyện Hưng Hà")
    page.get_by_role("cell", name="25").get_by_role("link").click()
    assert "/list/figures" in page.url
    with page.expect_download() as kept:
        page.get_by_role("link", name=".xlsx").click()
    assert kept.value.suggested_filename == "list-figures-2025-01.xlsx"
    assert Path(kept.value.path()).read_bytes()[:2] == b"PK"


def test_the_keyboard_alone_leads_everywhere(opened: Any) -> None:
    page = opened(DESK)

    def tab_to(name: str) -> None:
        for _step in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            if focused == name:
                assert outline == "solid"
                return
        pytest.fail(f"the keyboard does not reach {name}")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to("q")
    page.keyboard.type("huyen hung ha")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    tab_to("LĐLĐ huyện Hưng Hà")
    page.keyboard.press("Enter")
    page.wait_for_url("**/unit?**")
    tab_to("So sánh các đơn vị")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report?**")
    assert "by=unit" in page.url


@pytest.mark.parametrize(("size", "paths"), [(DESK, PAGES), (PHONE, PAGES[:4])], ids=["desk", "phone"])
def test_no_page_has_a_finding_of_axe_and_none_is_wider_than_the_window(
    opened: Any, site: Site, size: dict[str, int], paths: Sequence[str]
) -> None:
    page = opened(size)
    for path in paths:
        page.goto(f"http://127.0.0.1:{site.port}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        page.evaluate(AXE)
        assert page.evaluate(FOUND, RULES) == [True, []], path


def test_a_page_prints_on_a4_without_what_is_for_the_screen(opened: Any, site: Site) -> None:
    page = opened(DESK)
    page.goto(f"http://127.0.0.1:{site.port}/report?by=unit&period=2025")
    assert b"/MediaBox [0 0 841" in page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    assert not page.get_by_role("button").first.is_visible()
    assert page.get_by_role("table").first.is_visible()
