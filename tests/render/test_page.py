"""The page that is handed in: one file, whole by itself, in which nothing runs."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import ROOT, After, Ucli
from ucli.i18n import choose
from ucli.render import Column, Sheet, render

PERIOD = ("--period", "2023")
CSS = (ROOT / "src" / "ucli" / "render" / "templates" / "document.html").read_text(encoding="utf-8")


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page(province_after: After) -> Ucli:
    return province_after("""
        add-figure members-admitted 2.425 --unit HH --period 2023
        set-target members-admitted 1.000 --unit HH --period 2023
        set-target news-items 10 --unit HH --period 2023
        add-figure news-items "hơn 5" --unit HH --period 2023
    """)


def test_a_report_is_one_whole_page(page: Ucli) -> None:
    text = page("report", "--unit", "HH", *PERIOD, "-f", "html", "--lang", "vi").out
    it = Page(text)
    assert text.startswith('<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">')
    assert not [tag for tag, _ in it.tags if tag in ("script", "link", "img", "iframe", "object")]
    assert not re.search(r"https?:|url\(|@import", text)
    assert [head["scope"] for head in it.all("th")] == ["col"] * 6 + ["row"] * 4
    shown = "".join(it.text)
    for said in (
        "LĐLĐ huyện Hưng Hà, năm 2023",
        "Đã thành lập 01 công đoàn cơ sở",
        "242,5%",
        "vượt",
        "Bảng gồm 4 dòng",
    ):
        assert said in shown


def test_a_bar_is_drawn_to_its_end_and_told_in_words(page: Ucli) -> None:
    it = Page(page("report", "--unit", "HH", *PERIOD, "-f", "html").out)
    assert [(bar["role"], bar["aria-label"]) for bar in it.all("svg")] == [
        ("img", "242,5% of the target reached"),
        ("img", "≥ 50,0% of the target reached"),
    ]
    assert [bar["width"] for bar in it.all("rect") if bar["class"] == "reached"] == ["150.0", "50.0"]


def test_every_list_is_a_page_too(page: Ucli) -> None:
    for words in (("units",), ("log",), ("movement", *PERIOD), ("rank", *PERIOD), ("clusters",)):
        text = page(*words, "-f", "html").out
        assert text.count("<h1>") == text.count("<caption>") == 1
        assert "<title></title>" not in text


def test_names_are_text_in_a_page_whatever_they_hold(page: Ucli) -> None:
    evil = "LĐLĐ <script>alert(1)</script> \"' onload=x & \u202eodnu\x1b[31m"
    page("add-unit", evil, "--kind", "district", "--code", "EVIL")
    page("add-figure", "news-items", "5", "--unit", "EVIL", *PERIOD)
    for words in (("units",), ("report", "--unit", "EVIL", *PERIOD), ("report", "--by", "district", *PERIOD)):
        text = page(*words, "-f", "html").out
        assert "<script" not in text
        assert not {"\u202e", "\x1b"} & set(text)
        it = Page(text)
        assert "LĐLĐ <script>alert(1)</script> \"' onload=x & odnu\\u001b[31m" in "".join(it.text)
        assert not [key for _, attributes in it.tags for key in attributes if key.startswith("on")]


def test_groups_are_told_below_the_table_and_totals_stand_out(page: Ucli) -> None:
    text = page("report", "--by", "district", *PERIOD, "-f", "html").out
    assert (
        text.index("The whole province: ")
        < text.index("<table>")
        < text.index("</table>")
        < text.index("LĐLĐ huyện Hưng Hà: ")
    )
    choose("en")
    sheet = Sheet([Column("Unit"), Column("Number")], [["A", 1], ["Total", 1]], [], [], totals=1)
    rows = str(render(sheet, "html")).split("<tbody>")[1].splitlines()
    assert [row.startswith('<tr class="total">') for row in rows[1:3]] == [False, True]


def test_a_page_with_members_is_for_its_owner_only(page: Ucli, tmp_path: Path) -> None:
    page("members", "-o", tmp_path / "dv.html")
    assert (tmp_path / "dv.html").stat().st_mode & 0o077 == 0


def test_every_colour_of_text_can_be_read_on_white() -> None:
    colours = re.findall(r"--(?:ink|quiet|good|bad|open|plain): (#[0-9a-f]{6})", CSS)
    assert len(colours) == 6
    assert not [colour for colour in colours if contrast_on_white(colour) < 4.5]


def contrast_on_white(colour: str) -> float:
    """Return the contrast as WCAG 2 defines it."""
    levels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
