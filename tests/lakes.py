"""A report that a ledger answered is asked of its lake too, where DuckDB adds up: the same JSON, byte for byte.

Tests with the mark `lake` always hold their reports to that; all tests do, where UCLI_LAKE is set, as `make cluster`
sets it.
"""

import os
from collections.abc import Callable, Sequence
from tempfile import TemporaryDirectory

import pytest

Answer = tuple[int, str, str]  # the exit code and the two streams

_ANSWERED = (0, 6)
# What a lake does not answer, and what goes to a file.
_APART = {"--lake", "--as-known", "--submitted", "--help", "-h", "-o", "--output"}


def is_held(test: pytest.Item) -> bool:
    return "UCLI_LAKE" in os.environ or test.get_closest_marker("lake") is not None


def hold(words: Sequence[str], answered: Answer, call: Callable[[Sequence[str]], Answer]) -> None:
    """Hold what a ledger answered to some words against what its lake does; `call` carries out others."""
    ledger, command = (list(words[:2]), words[2:]) if words[:1] == ["--db"] else ([], words)
    if command[:1] != ["report"] or answered[0] not in _ANSWERED or _APART.intersection(command):
        return
    if "--db" in command:
        at = command.index("--db")
        ledger = list(command[at : at + 2])
    asked = [*words, "-f", "json"]
    expected = answered if list(words[-2:]) == asked[-2:] else call(asked)
    with TemporaryDirectory() as lake:
        made = call([*ledger, "export-lake", lake])
        assert made[0] == 0, made
        assert call([*asked, "--lake", lake])[:2] == expected[:2], words
