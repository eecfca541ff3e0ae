"""Guesses what an unknown word of the command line means; loaded only after an error."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ucli.cli.index import COMMANDS
from ucli.i18n import _
from ucli.values.names import alike, fold

# Options as people call them, and how they are typed here; {year} is the current one.
_OPTIONS = {
    ("thang", "month"): "--period T6/{year}",
    ("quy", "quarter"): "--period {year}-Q2",
    ("nam", "year"): "--period {year}",
    ("ky", "thoi-gian"): "--period {year}-H1",
    ("huyen", "quan", "xa", "phuong", "don-vi", "donvi", "district", "ward"): "--unit",
    ("tinh", "thanh-pho"): "--province",
    ("cdcs", "cong-doan"): "--union",
    ("cum", "cum-thi-dua"): "--cluster",
    ("chi-tieu", "noi-dung", "target"): "--indicator",
    ("theo", "group", "group-by"): "--by",
    ("ngay", "date"): "--on",
    ("den-ngay", "den", "to", "until"): "--as-of",
    ("tep", "ra", "file", "out"): "--output",
    ("dinh-dang",): "--format",
    ("ghi-chu", "ly-do"): "--note",
    ("quyet-dinh", "so-quyet-dinh"): "--decision",
    ("so-tien", "tien"): "--amount",
    ("chuong-trinh",): "--programme",
    ("nguon",): "--source",
}


def commands_like(typed: str) -> list[str]:
    """Return the commands that may be meant: spelt nearly alike, or with these words in their help."""
    return alike(typed, {**{name: name for name in COMMANDS}, **{_(it.says): name for name, it in COMMANDS.items()}})


def options_like(typed: str, close: Sequence[str], options: Sequence[Any]) -> list[str]:
    """Return the options that may be meant: so called in the trade, or spelt nearly alike."""
    name = fold(typed.lstrip("-")).replace("_", "-").replace(" ", "-")
    taken = {opt for it in options for opt in it.opts}
    called = [it for names, it in _OPTIONS.items() if name in names and it.split(" ")[0] in taken]
    return [it.format(year=date.today().year) for it in called] or sorted(close)  # noqa: DTZ011


def all_missing(param: Any, options: Sequence[Any], arguments: Sequence[str]) -> Mapping[str, str]:
    """Return all that a command line lacks, each as it is typed and with its help."""

    def is_typed(it: Any) -> bool:
        return any(word in it.opts or word.startswith(tuple(f"{opt}=" for opt in it.opts)) for word in arguments)

    # Words fill arguments in order: those behind the first missing one are missing too.
    named = {it.name: it for it in options}
    behind = list(options)[list(options).index(param) + 1 :] if param.param_type_name == "argument" else ()
    lacking = [param, *(it for it in behind if it.required and it.param_type_name == "argument")]
    lacking += [it for it in options if it is not param and it.required and it.param_type_name == "option"]
    found = {typed_as(it): _(it.help or "") for it in lacking if it is param or not is_typed(it)}
    if {"value", "unit", "cluster"} <= named.keys() and not (is_typed(named["unit"]) or is_typed(named["cluster"])):
        found["--unit | --cluster"] = _(named["unit"].help)
    return found


def typed_as(param: Any) -> str:
    """Return the name of an option or argument in messages."""
    if param.param_type_name == "option":
        return str(max(param.opts, key=len))
    return _(str(param.human_readable_name))
