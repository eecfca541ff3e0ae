"""Which language is spoken: English in the code, Vietnamese from the catalogue beside it.

`_` is looked up at every call, so a message is in the language chosen when it is said.
"""

import gettext
import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("vi", "en")

_CATALOGUES = Path(__file__).parent / "locale"

# A process that answers several people at once speaks to each in their own.
_spoken: ContextVar[tuple[str, gettext.NullTranslations]] = ContextVar(
    "spoken", default=("en", gettext.NullTranslations())
)


def chosen() -> str:
    """Return the code of the language spoken now."""
    return _spoken.get()[0]


def choose(asked: str | None = None) -> None:
    """Speak the language asked for, else `UCLI_LANG`'s, else the locale's, else Vietnamese."""
    wanted = (asked or os.environ.get("UCLI_LANG") or _of_locale()).lower()
    speak(wanted if wanted in LANGUAGES else "vi")
    # Typer takes the words of its own help from whatever text domain is set.
    os.environ["LANGUAGE"] = chosen()
    gettext.bindtextdomain("ucli", str(_CATALOGUES))
    gettext.textdomain("ucli")


def speak(language: str) -> None:
    """Speak one of `LANGUAGES` from now on, in this thread or task only."""
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


def marked(message: str) -> str:
    """Mark a message for the catalogue where it is defined; `_` translates it where it is said."""
    return message


def refusal(error: OSError) -> str | None:
    """Return what the system refused with, in the language chosen where the catalogue knows its words."""
    return _(error.strerror) if error.strerror else None
