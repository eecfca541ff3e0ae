"""What people read for codes stands once for each code, in both languages."""

import csv
from collections import Counter

from tests.conftest import ROOT

LABELS = ROOT / "src" / "ucli" / "catalogue" / "labels.csv"


def test_each_code_has_one_label_in_each_language() -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [row for row in rows if not (row["vi"] and row["en"])]
    assert max(Counter((row["of"], row["code"]) for row in rows).values()) == 1
