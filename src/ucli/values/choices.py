"""Choices between a few codes, and the folded words that people type for each: a table of data."""

from pathlib import Path

# By the name of the choice, a message: its codes in order, each with its words.
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {}
for _row in Path(__file__).with_name("choices.tsv").read_text(encoding="utf-8").splitlines()[1:]:
    _name, _code, _words = _row.split("\t")
    CHOICES.setdefault(_name, {})[_code] = tuple(filter(None, _words.split("|")))


def codes(name: str) -> tuple[str, ...]:
    return tuple(CHOICES[name])


def spoken(name: str) -> dict[str, str]:
    """Return the codes of a choice by their words; a code itself counts as a word."""
    found = {word: code for code, words in CHOICES[name].items() for word in words}
    return found | {code.replace("-", " "): code for code in CHOICES[name] if "-" in code}
