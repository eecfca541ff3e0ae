"""Choices between a few codes, and what people type and lists print for each, as folded: a table of data."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from ucli.errors import UcliError
from ucli.values.names import fold

# By name, which is a message: its codes in their order, each with the words for it.
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {}
for _row in Path(__file__).with_name("choices.tsv").read_text(encoding="utf-8").splitlines()[1:]:
    _name, _code, _words = _row.split("\t")
    CHOICES.setdefault(_name, {})[_code] = tuple(filter(None, _words.split("|")))


def codes(name: str) -> tuple[str, ...]:
    return tuple(CHOICES[name])


def spoken(name: str) -> dict[str, str]:
    """Return the codes of a choice by the words for them; a code of several words is one of them."""
    found = {word: code for code, words in CHOICES[name].items() for word in words}
    return found | {code.replace("-", " "): code for code in CHOICES[name] if "-" in code}


def one_of(
    among: Collection[str], words: Mapping[str, str], refuse: Callable[[str], UcliError]
) -> Callable[[str], str]:
    """Return the reader of one of some codes: as it is or, in any spelling, in words; `refuse` says that it is none."""

    def read(text: str) -> str:
        typed = fold(text)
        code = words.get(typed) or words.get(typed.replace("-", " "), typed)
        if code not in among:
            raise refuse(text)
        return code

    return read
