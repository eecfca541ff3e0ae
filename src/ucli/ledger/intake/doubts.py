"""What is doubtful in a roster: ID numbers that do not agree with the persons beside them, admissions of children."""

from collections import defaultdict
from collections.abc import Iterable

from ucli.ledger.intake.entrants import Entrant
from ucli.ledger.provinces import birth_codes
from ucli.values.members import doubt_about_age, doubts_about

_DIGITS_DRAWN = 6  # the last ones; those before them tell of the province, century and sex, and year


class RosterDoubts:
    """Doubts about ID numbers and ages, each with the lines it is about; never the numbers.

    Thousands of members share sex, year and the digits that tell of them: what these say is worked out once.
    """

    def __init__(self) -> None:
        self.lines: defaultdict[str, list[int]] = defaultdict(list)
        self._known: dict[tuple[str, str | None, str | None], list[str]] = {}
        self._provinces = birth_codes()

    def look_at(self, rows: Iterable[Entrant]) -> None:
        """Look at the numbers of some rows, each beside the sex and the day of birth recorded with it."""
        for row in rows:
            if too_young := doubt_about_age(row.born, row.admitted):
                self.lines[too_young].append(row.line)
            if not row.id_number:
                continue
            key = (row.id_number[:-_DIGITS_DRAWN], row.sex, row.born and row.born[:4])
            doubts = self._known.get(key)
            if doubts is None:
                year = int(row.born[:4]) if row.born else None
                self._known[key] = doubts = doubts_about(row.id_number, row.sex, year, self._provinces)
            for doubt in doubts:
                self.lines[doubt].append(row.line)
