"""Parsers of what is typed behind an option or as an argument: each reads one kind of value or says why not."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from ucli.cli.shared import not_swallowed
from ucli.domain.members import LONGEST_NAME, parse_id_number, parse_sex
from ucli.domain.units import require_fact_day, require_past
from ucli.errors import RejectedError, UsageError
from ucli.language import _
from ucli.vietnamese.dates import parse_date
from ucli.vietnamese.names import fold, normalised
from ucli.vietnamese.numbers import parse_count, parse_money, refuse_negative


def name_text(text: str) -> str:
    """Read a name: NFC, trimmed, of a length a name can have."""
    name = normalised(not_swallowed(text))
    if not any(unicodedata.category(it)[0] in "LNPS" for it in name):
        raise UsageError(_("A name without a visible letter is none."), instead=_("Type the name."))
    if len(name) > LONGEST_NAME:
        raise RejectedError(
            _("A name of {length} letters is too long.").format(length=len(name)),
            instead=_("Shorten it to {longest} letters.").format(longest=LONGEST_NAME),
        )
    return name


def day(text: str) -> date:
    return parse_date(not_swallowed(text))


def structure(text: str) -> date | None:
    """Read whose structure is asked for: a day's; None for that of each fact's own day."""
    typed = fold(not_swallowed(text))
    if typed in ("then", "khi do"):
        return None
    return date.today() if typed in ("now", "nay", "hien nay") else past_day(text)  # noqa: DTZ011


def past_day(text: str) -> date:
    """Read the day of a fact, or of an organisation that is known."""
    return require_fact_day(day(text))


def birth_day(text: str) -> date:
    """Read a day of birth; what cannot be one is not repeated, for it is somebody's own."""
    try:
        return require_past(day(text))
    except RejectedError:
        raise RejectedError(
            _("The birth date is not a day like 30/6/1990."), instead=_("Check --born against the papers.")
        ) from None


def figure(text: str) -> str:
    """Take the text of a number that the command reads when it knows of what; "-5" is below 0, and no option."""
    return text if text[:1] == "-" and text[1:2].isdigit() else not_swallowed(text)


def count(text: str) -> int:
    return parse_count(_not_negative(text))


def money(text: str) -> int:
    return parse_money(_not_negative(text))


def _not_negative(text: str) -> str:
    refuse_negative(text)
    return not_swallowed(text)


def number(text: str) -> int:
    """Read a number that belongs to the command line itself: of a row, of an operation, of decimals."""
    try:
        return parse_count(_not_negative(text))
    except RejectedError as error:
        raise UsageError(error.what, instead=_("Type the whole number, as the list shows it.")) from None


def id_number(text: str) -> str:
    """Read an ID number; `-` is read from standard input by the command."""
    return text if text == "-" else parse_id_number(not_swallowed(text))


def sex(text: str) -> str:
    return parse_sex(not_swallowed(text))


def coded(text: str, aliases: Mapping[str, str], choices: tuple[str, ...], what: str) -> str:
    """Return the code that is meant by it or, in any spelling, by what people say for it.

    Raises:
        UsageError: it is none of the choices.

    """
    typed = fold(not_swallowed(text))
    code = aliases.get(typed) or aliases.get(typed.replace("-", " "), typed)
    if code in choices:
        return code
    from ucli.render.words import word  # noqa: PLC0415  only where something else was typed

    if meant := next((it for it in choices if fold(word(it)) == typed), None):
        return meant
    raise _none_of(text, [it if word(it) == it else f"{it} ({word(it)})" for it in choices], what)


def one_of(value: str, choices: tuple[str, ...], what: str) -> str:
    """Return a value that is one of some codes.

    Raises:
        UsageError: it is none of them.

    """
    if value in choices:
        return value
    raise _none_of(value, choices, what)


def _none_of(value: str, choices: Iterable[str], what: str) -> UsageError:
    return UsageError(
        _("“{value}” is no {what}.").format(value=value[:40], what=what),
        instead=_("Choose one of {choices}.").format(choices=", ".join(choices)),
    )
