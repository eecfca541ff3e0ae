"""Findings: what in a ledger cannot be so, and what somebody should look at. Nothing of persons is in them.

integrity   the file: foreign keys, damage, what was handed in
registers   records out of their unit's life, persons who are there twice
figures     values out of range, windows that overlap, sudden changes, targets and what was handed on
collected   what was stated against what is recorded inside it, and stocks against their movement
"""

from collections.abc import Sequence
from typing import NamedTuple

# A code stays what it is once released.
FOREIGN_KEY = "C01-foreign-key"
DAMAGE = "C02-damage"
CHAIN = "C04-chain"
SUBMISSION = "C05-submission"
CONTROL_TOTAL = "C06-control-total"
OUTSIDE_LIFE = "C07-outside-life"
SAME_PERSON = "C08-same-person"
OUT_OF_RANGE = "C09-out-of-range"
PART_LARGER = "C10-part-larger"
COLLECTED = "C11-stated-collected"
OVERLAP = "C12-overlap"
STOCK_BALANCE = "C13-stock-balance"
NAMESAKES = "C14-namesakes"
SUDDEN = "C15-sudden-change"
TARGETS_SUM = "C16-targets-sum"
REPORT_CHANGED = "C17-report-changed"
SCHEMA = "C18-schema"
OLD_STATEMENT = "C20-old-statement"
ABOVE_WHOLE = "C21-above-100"
PAYOUT_TWICE = "C22-payout-twice"
PRINTED_PERCENT = "C23-printed-percent"

FAULTS = (
    *(FOREIGN_KEY, DAMAGE, CHAIN, SUBMISSION, CONTROL_TOTAL),
    *(OUTSIDE_LIFE, SAME_PERSON, OUT_OF_RANGE, PART_LARGER, SCHEMA),
)
# Questions rather than faults: they may be as they should be, and then are accepted with a reason.
WARNINGS = (
    COLLECTED,
    OVERLAP,
    STOCK_BALANCE,
    NAMESAKES,
    SUDDEN,
    TARGETS_SUM,
    REPORT_CHANGED,
    OLD_STATEMENT,
    ABOVE_WHOLE,
    PAYOUT_TWICE,
    PRINTED_PERCENT,
)


class Finding(NamedTuple):
    """One thing found: its code, what it is about in one word, and a sentence."""

    code: str
    ref: str  # the same for the same thing at every check
    what: str
    unit: int | None = None
    numbers: tuple[object, ...] = ()  # what it is about, as far as that may change
    indicator: str | None = None  # as people read it
    apart: float = 0  # how far what should agree is apart: the more, the worse

    @property
    def as_found(self) -> str:
        """What is accepted: the reference with its numbers, so that others are asked about anew."""
        return " ".join([self.ref, "/".join(map(str, self.numbers))]).strip()

    @property
    def severity(self) -> str:
        return "warning" if self.code in WARNINGS else "fault"


def apart(ones: Sequence[float], others: Sequence[float]) -> float:
    """Return by how many times the smaller of two numbers they differ, 0 taken as 1; of several the most."""
    return max((abs(a - b) / max(min(abs(a), abs(b)), 1) for a, b in zip(ones, others, strict=False)), default=0)
