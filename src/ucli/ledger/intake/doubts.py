"""What in the ID numbers of a roster does not agree with the persons they stand beside."""

from collections import defaultdict

from ucli.domain.members import doubts_about
from ucli.ledger.provinces import birth_codes

_DIGITS = 12
_DIGITS_THAT_TELL = 6  # the province, century and sex, year; the others are drawn


class NumberDoubts:
    """Doubts about ID numbers, each with the lines it is about; never the numbers.

    Thousands of members share sex, year and the digits that tell of them: what these say is worked out once.
    """

    def __init__(self) -> None:
        self.lines: defaultdict[str, list[int]] = defaultdict(list)
        self._known: dict[tuple[str, str | None, str | None], list[str]] = {}
        self._provinces = birth_codes()

    def look_at(self, line: int, id_number: str, sex: str | None, born: str | None) -> None:
        """Look at the number of a row, beside the sex and the day of birth recorded with it."""
        if len(id_number) != _DIGITS:  # one of the old card says nothing
            return
        key = (id_number[:_DIGITS_THAT_TELL], sex, born and born[:4])
        doubts = self._known.get(key)
        if doubts is None:
            doubts = doubts_about(id_number, sex, int(born[:4]) if born else None, self._provinces)
            self._known[key] = doubts
        for doubt in doubts:
            self.lines[doubt].append(line)
