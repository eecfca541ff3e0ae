"""Choices: what lists print for a code is taken for it."""

import pytest

from ucli.catalogue import rows_of
from ucli.errors import RejectedError
from ucli.values.choices import CHOICES, codes, one_of, spoken

# Whose codes mean something else where lists print words for them: registers, units above the grassroots.
NAMED_OTHERWISE = ("kind of table", "way to divide", "step", "grouping")


@pytest.mark.parametrize("name", [it for it in CHOICES if it not in NAMED_OTHERWISE])
def test_what_lists_print_for_a_code_is_read_as_that_code(name: str) -> None:
    read = one_of(codes(name), spoken(name), RejectedError)
    printed = {it["code"]: (it["vi"], it["en"]) for it in rows_of("labels") if it["of"] == "word"}
    for code in codes(name):
        assert {read(word) for word in (code, code.upper(), *printed.get(code, ()))} == {code}
