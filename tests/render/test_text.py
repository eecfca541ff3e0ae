"""Plain text is what tabulate prints, made without its guesses at the type of every cell."""

from hypothesis import given
from hypothesis import strategies as st
from tabulate import tabulate

from ucli.render import Column, Sheet, render
from ucli.render.cells import sides_of, text_of

CELLS = st.one_of(st.sampled_from(["", "An", "7", "1.110", "≥ 64,8%", "a  b", "Hưng Hà"]), st.integers(-9999, 9999))
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2))


@given(TABLES)
def test_plain_is_as_tabulate_has_it(table: list[list[object]]) -> None:
    head, *rows = table
    sheet = Sheet([Column(f"{cell} x") for cell in head], rows, [], [])
    texts = [[text_of(cell) for cell in row] for row in rows]
    sides = sides_of(rows, len(sheet.columns))
    headings = [it.heading for it in sheet.columns]
    wanted = tabulate(texts, headers=headings, tablefmt="plain", disable_numparse=True, colalign=sides)
    assert render(sheet, "plain") == f"{wanted}\n"
