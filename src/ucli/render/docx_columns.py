"""How wide the columns of a table in a document are."""

# All in millimetres, in Times New Roman of eleven points.
_LETTER, _PADDING = 1.9, 4.2  # how wide a letter of the table is, and what stands around a cell's text
_LETTER_OF_HEADING, _CAPITAL_OF_HEADING = 2.2, 2.8  # which is bold
_ROOM_FOR_TEXT, _MOST_FOR_TEXT = 14, 40  # of a column, in letters
_MOST_FOR_NUMBER = 24


def least_widths(cells: list[list[str]], sides: list[str]) -> list[float]:
    """Return how wide each column is at the least, in millimetres: numbers stay whole, texts wrap.

    Args:
        cells: the headings and the rows, with a number in front of each.
        sides: to which side each column is put, but for the number.

    """
    found = []
    for column, side in zip(zip(*cells, strict=True), ["right", *sides], strict=True):
        heading, *texts = column
        longest = max(map(len, texts), default=0)
        most = _MOST_FOR_NUMBER if side == "right" else _ROOM_FOR_TEXT
        found.append(max(min(longest, most) * _LETTER, *map(_width_in_heading, heading.split())) + _PADDING)
    return found


def _width_in_heading(word: str) -> float:
    return sum(_CAPITAL_OF_HEADING if it.isupper() else _LETTER_OF_HEADING for it in word)


def widths(cells: list[list[str]], least: list[float], room: float) -> list[float]:
    """Return how wide each column is, in millimetres: what the least widths leave goes to where texts are longer.

    What is left even so, goes to all, for a table is as wide as the lines above it.
    """
    spare = room - sum(least)
    if spare <= 0:
        return [width * room / sum(least) for width in least]
    longest = (max(map(len, column)) for column in zip(*cells, strict=True))
    wished = [min(it, _MOST_FOR_TEXT) * _LETTER + _PADDING for it in longest]
    more = [max(wish - width, 0) for wish, width in zip(wished, least, strict=True)]
    part = min(1, spare / sum(more)) if any(more) else 0
    wide = [width + part * it for width, it in zip(least, more, strict=True)]
    return [width * room / sum(wide) for width in wide]
