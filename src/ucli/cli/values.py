"""Readers of options and arguments: each parses one kind of value, or says why it cannot."""

import re
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import typer

from ucli.cli.session import ask, expanded, warn
from ucli.errors import RejectedError, UsageError
from ucli.i18n import LANGUAGES, _, marked
from ucli.values.choices import CHOICES, codes, one_of, spoken
from ucli.values.dates import parse_date
from ucli.values.members import parse_card, parse_id_number, parse_sex, refuse_id_number
from ucli.values.names import fold, name_of, remark_of
from ucli.values.numbers import UNKNOWN, UNKNOWN_ALIASES, parse_count, parse_money
from ucli.values.units import (
    BY_TIME,
    GROUPING_ALIASES,
    GROUPINGS,
    parse_structure,
    require_fact_day,
    require_past,
)

# Typed in place of personal data, which would stay in the history of the shell.
ASKED = "-"
_MOST_DECIMALS = 6


# What the table of options calls by a shorter name.
day, structure, sex, count, money = parse_date, parse_structure, parse_sex, parse_count, parse_money
name_text, file_path = name_of, expanded


def require_value(value: str, param: Any = None, *, hyphen: str = "") -> str:
    """Refuse an empty value, or an option taken for a value, as an unset shell variable leaves them.

    `hyphen` is a pattern of values that may begin with a hyphen all the same.
    """
    if not value.strip() or (value.startswith("-") and not re.match(hyphen or "(?!)", value)):
        raise typer.BadParameter(marked("A value is missing here."), param=param)
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise typer.BadParameter(marked("This is not text in UTF-8."), param=param)
    return value


def remark(text: str) -> str:
    """Read a remark or the number of a document: as typed, without ID numbers."""
    return refuse_id_number(remark_of(text))


def only_json(value: str) -> str:
    if value != "json":
        raise UsageError(
            _("A command that writes can only print json."), instead=_("Leave --format out, or type --format json.")
        )
    return value


def language(value: str) -> str:
    if value not in LANGUAGES:
        raise typer.BadParameter(marked("The languages are vi and en."))
    return value


def new_name(text: str) -> str:
    """Parse a name that is to be kept."""
    return refuse_id_number(name_of(text))


class OrAsked:
    """A reader of personal data: “-” makes the command ask for it, so that it stays out of the shell's history.

    A `hidden` value is not echoed, and typing it on the command line gives a warning.
    """

    hyphen = f"{ASKED}$"

    def __init__(self, read: Callable[[str], object], question: str, *, hidden: bool = False) -> None:
        self.read = read
        self.question = question
        self.hidden = hidden

    def __call__(self, text: str) -> object:
        return text if text == ASKED else self.read(text)

    def answer(self, value: Any) -> Any:
        """Return the value typed or, for “-”, the answer to a question or the next line of standard input."""
        if value != ASKED:
            if value is not None and self.hidden:
                warn(_("What is typed on the command line stays in its history: use --id-number -."))
            return value
        question = _(self.question)
        try:
            if sys.stdin.isatty():
                return self.read(require_value(ask(question, hidden=self.hidden)))
            return self.read(require_value(sys.stdin.readline().removeprefix("\ufeff").rstrip("\r\n")))
        except (typer.BadParameter, UnicodeDecodeError):
            raise UsageError(
                _("No value was given for “-”: {what}.").format(what=question),
                instead=_("Type it when asked, or give a line of standard input for each “-”."),
            ) from None


def past_day(text: str) -> date:
    """Parse the day of an event, or of a known organisation."""
    return require_fact_day(parse_date(text))


def birth_day(text: str) -> date:
    """Parse a day of birth; an error does not repeat the text, for it is personal."""
    try:
        return require_past(parse_date(text))
    except RejectedError:
        raise RejectedError(
            _("The birth date is not a day like 30/6/1990."), instead=_("Check --born against the papers.")
        ) from None


def year(text: str) -> int:
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and typed != "0000"):
        raise RejectedError(
            _("“{text}” is not a year.").format(text=text[:20]), instead=_("Type four digits, like 2024.")
        )
    return int(typed)


def money_or_unknown(text: str) -> int | str:
    """Parse an amount, or the word for an unknown one."""
    return UNKNOWN if fold(text) in UNKNOWN_ALIASES else parse_money(text)


def number(text: str) -> int:
    """Parse a number of a row, of an operation, or of decimals.

    An error does not repeat words, for they may be a person's name.
    """
    try:
        return parse_count(text)
    except RejectedError as error:
        what = _("This is not a number.") if any(map(str.isalpha, text)) else error.what
        raise UsageError(what, instead=_("Type the whole number, as the list shows it.")) from None


def choice(what: str, among: tuple[str, ...] = (), words: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """Return the reader of a choice; what the table of choices does not say of it is given."""
    among = among or codes(what)

    def refuse(text: str) -> UsageError:
        from ucli.render.labels import choice_word  # noqa: PLC0415  only where something else was typed

        words_of = {it: choice_word(what, it) for it in among}
        named = ", ".join(it if word == it else f"{it} ({word})" for it, word in words_of.items())
        return UsageError(
            _("“{value}” is not a {what}.").format(value=text[:40], what=_(what)),
            instead=_("Choose one of {choices}.").format(choices=named),
        )

    read = one_of(among, spoken(what) if words is None else words, refuse)
    # Offered by completion.
    read.choices = among  # type: ignore[attr-defined]
    return read


def decimals(text: str | int) -> int:
    """Parse the number of decimals; a command's default is a number already."""
    if isinstance(text, str):
        text = number(text)
    if text > _MOST_DECIMALS:
        raise UsageError(
            _("{decimals} decimals are too many.").format(decimals=text),
            instead=_("Choose 0 to {most}.").format(most=_MOST_DECIMALS),
        )
    return text


def _grouping(groupings: tuple[str, ...]) -> Callable[[str], str]:
    """Return a reader of groupings; “sector” is the economic sector, sector unions are “ngành”."""
    read_any = choice("grouping", groupings, GROUPING_ALIASES)

    def read(text: str) -> str:
        if fold(text) == "sector":
            raise UsageError(
                _("“sector” is the economic sector, by which only a report can be broken down."),
                instead=_("For the unions of a sector type --by ngành."),
            )
        return read_any(text)

    read.choices = tuple(it for it in groupings if it != "sector")  # type: ignore[attr-defined]
    return read


def table_file(text: str) -> Path:
    """Return a file to read; refuse a database, which only SQLite may open while this process may be writing it."""
    from ucli.ledger.files import is_there  # noqa: PLC0415  help in a language needs no ledger
    from ucli.ledger.store import is_database, is_part_of_database  # noqa: PLC0415  as above

    path = expanded(text)
    if is_there(path) and path.is_file() and (is_database(path) or is_part_of_database(path)):
        raise RejectedError(
            _("{file} is a ledger or another database.").format(file=path), instead=_("Name another file.")
        )
    return path


def reader(name: str) -> Callable[[str], object]:
    """Return a reader by its name in the table of options: a function of this module, or a choice."""
    found: Callable[[str], object] = choice(name) if name in CHOICES else globals()[name]
    return found


member_ref = OrAsked(name_of, "Member")
person_name = OrAsked(new_name, "Name")
name_part = OrAsked(str, "Name")
born = OrAsked(birth_day, "Born")
card = OrAsked(parse_card, "Card")
identity = OrAsked(parse_id_number, "ID number", hidden=True)
beneficiary = OrAsked(new_name, "Beneficiary")
by = _grouping(GROUPINGS)
by_units = _grouping(tuple(it for it in GROUPINGS if it not in BY_TIME))
kind_of_table = choice("kind of table")
