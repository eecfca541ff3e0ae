"""What ships as data: indicators and welfare programmes, words and phrases."""

import csv
from functools import cache
from pathlib import Path


@cache
def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of one of its tables by its name: labels, phrases, indicators."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
