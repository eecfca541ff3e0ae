"""The columns of a roster: how officers head them, in whatever order."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from ucli.errors import RejectedError
from ucli.exchange.tables import Cell, lines_of, text_of
from ucli.language import _
from ucli.vietnamese.names import fold

# What heads a column, the first as we write it; found in any spelling.
HEADINGS = {
    "name": ("Họ và tên", "Họ tên", "Tên đoàn viên", "Name"),
    "union": ("Công đoàn cơ sở", "CĐCS", "Mã CĐCS", "Union"),
    "admitted": ("Ngày kết nạp", "Ngày vào công đoàn", "Admitted"),
    "born": ("Ngày sinh", "Ngày tháng năm sinh", "Born"),
    "sex": ("Giới tính", "Sex"),
    "card": ("Số thẻ", "Số thẻ đoàn viên", "Card"),
    "id_number": ("Số CCCD", "CCCD", "Số định danh cá nhân", "ID number"),
    "decision": ("Số quyết định", "Quyết định", "Decision"),
}
_REQUIRED = ("name", "union", "admitted")
_PASSED_OVER = ("stt", "tt", "so thu tu", "no", "ghi chu", "note")


def roster_of(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a roster as texts, one for each of some columns, with their line numbers.

    Raises:
        RejectedError: the file cannot be read, or its heading names a column that is not known or lacks one.

    """
    lines = lines_of(path)
    head = next(lines, None)
    if head is None:
        raise RejectedError(_("The table {file} is empty.").format(file=path))
    places = _places(head[1])
    nowhere = len(head[1])
    order = [places.get(column, nowhere) for column in columns]
    for number, cells in lines:
        line = [cell if cell.__class__ is str else text_of(cell) for cell in cells]
        line += [""] * (nowhere + 1 - len(line))
        yield number, [line[place] for place in order]


def _places(head: Sequence[Cell]) -> dict[str, int]:
    known = {fold(heading): column for column, headings in HEADINGS.items() for heading in headings}
    places: dict[str, int] = {}
    for place, cell in enumerate(head):
        heading = fold(text_of(cell)).rstrip(" *")
        if not heading or heading in _PASSED_OVER:
            continue
        if heading not in known:
            close = get_close_matches(heading, known, n=1)
            raise RejectedError(
                # Where the heading is missing it is a member's own: the cell is not repeated.
                _("The heading of column {number} is none of a roster's.").format(number=place + 1),
                why=_("Did you mean {names}?").format(names=HEADINGS[known[close[0]]][0]) if close else None,
                instead=_("The columns are: {columns}.").format(columns=", ".join(it[0] for it in HEADINGS.values())),
            )
        if known[heading] in places:
            raise RejectedError(_("The column “{heading}” is there twice.").format(heading=HEADINGS[known[heading]][0]))
        places[known[heading]] = place
    for column in _REQUIRED:
        if column not in places:
            raise RejectedError(
                _("The table has no column “{heading}”.").format(heading=HEADINGS[column][0]),
                instead=_("The columns are: {columns}.").format(columns=", ".join(it[0] for it in HEADINGS.values())),
            )
    return places
