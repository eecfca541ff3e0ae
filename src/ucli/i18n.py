"""The language of messages: English in the code, Vietnamese from the catalogue beside it.

`_` translates at every call, so a message is in the language chosen at that moment.
"""

import gettext
import os
import re
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")

_COUNTED = re.compile(r"\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}")
_CATALOGUES = Path(__file__).parent / "locale"

# A process that serves several people at once speaks to each in their own.
_spoken: ContextVar[tuple[str, gettext.NullTranslations]] = ContextVar(
    "spoken", default=("en", gettext.NullTranslations())
)


def chosen() -> str:
    """Return the code of the current language."""
    return _spoken.get()[0]


def choose(asked: str | None = None) -> None:
    """Choose the language asked for, else that of `UCLI_LANG`, else the locale's, else Vietnamese."""
    wanted = (asked or os.environ.get("UCLI_LANG") or _of_locale()).lower()
    speak(wanted if wanted in LANGUAGES else "vi")
    # Typer translates its own help by whatever text domain is set.
    os.environ["LANGUAGE"] = chosen()
    gettext.bindtextdomain("ucli", str(_CATALOGUES))
    gettext.textdomain("ucli")


def speak(language: str) -> None:
    """Use one of `LANGUAGES` from now on, in this thread or task only."""
    _spoken.set((language, _translations(language)))


@cache
def _translations(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("ucli", _CATALOGUES, languages=[language])


def _of_locale() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "en" if value.lower().startswith("en") else "vi"
    return "vi"


def _(message: str) -> str:
    return _spoken.get()[1].gettext(message) if message else ""


def counted(text: str, **numbers: int | str) -> str:
    """Format a message with counts, singular or plural: {n:row|rows}; a count given as text is kept."""

    def said(found: re.Match[str]) -> str:
        name, one, several = found[1], found[2], found[3]
        number = numbers.get(name)
        if number is None:
            return found[0]
        told = f"{number:,}".replace(",", ".") if isinstance(number, int) else number
        return f"{told} {one if told in ('1', '01') else several}" if several else told

    return _COUNTED.sub(said, text)


def marked(message: str) -> str:
    """Mark a message for the catalogue where it is defined; `_` translates it where it is used."""
    return message


def refusal(error: OSError) -> str | None:
    """Return the system's own message for an error, translated if the catalogue has it."""
    return _(error.strerror) if error.strerror else None
