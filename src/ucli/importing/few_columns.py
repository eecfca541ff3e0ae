"""Small tables that steer a command: a few columns known by their headings, all of a cell's text as it is typed."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.reader import lines_of
from ucli.importing.sheets import Facts
from ucli.values.names import fold


def rows_of(
    path: Path, columns: Mapping[str, Sequence[str]], required: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below the headings of a CSV or workbook, each with its line; titles above are passed over.

    Args:
        path: the file.
        columns: the keys of columns, each with the headings that name it, in any spelling.
        required: the keys of those that it cannot do without.

    Raises:
        RejectedError: the file cannot be read, or lacks a column.
    """
    named = {fold(heading): key for key, headings in columns.items() for heading in headings}

    def keys(texts: Sequence[str]) -> list[str]:
        return [named.get(fold(it), "") for it in texts]

    found: list[str] = []
    for number, texts, _cells in lines_of(path, None, Facts(), lambda texts: len([*filter(None, keys(texts))])):
        if found:
            cells = dict(zip(found, texts, strict=False))
            yield number, {key: cells.get(key, "") for key in columns}
        elif set(required) <= set(keys(texts)):
            found = keys(texts)
    if not found:
        raise RejectedError(
            _("{file} has no row of headings that names its columns.").format(file=path.name),
            instead=_("Needed: {headings}.").format(headings=", ".join(columns[key][0] for key in required)),
        )
