"""Which language is spoken: English in the code, Vietnamese from the catalogue beside it.

`_` is looked up at every call, so a message is in the language chosen when it is said.
"""

import gettext
import os
from pathlib import Path

LANGUAGES = ("vi", "en")

_CATALOGUES = Path(__file__).parent / "locale"

_translations: gettext.NullTranslations = gettext.NullTranslations()
_chosen = "en"


def chosen() -> str:
    """Return the code of the language spoken now."""
    return _chosen


def choose(asked: str | None = None) -> None:
    """Speak the language asked for, else `UCLI_LANG`'s, else the locale's, else Vietnamese."""
    global _translations, _chosen  # noqa: PLW0603  one process speaks one language at a time
    wanted = (asked or os.environ.get("UCLI_LANG") or _of_locale()).lower()
    _chosen = wanted if wanted in LANGUAGES else "vi"
    _translations = (
        gettext.NullTranslations() if _chosen == "en" else gettext.translation("ucli", _CATALOGUES, languages=[_chosen])
    )
    # Typer takes the words of its own help from whatever text domain is set.
    os.environ["LANGUAGE"] = _chosen
    gettext.bindtextdomain("ucli", str(_CATALOGUES))
    gettext.textdomain("ucli")


def _of_locale() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "en" if value.lower().startswith("en") else "vi"
    return "vi"


def _(message: str) -> str:
    return _translations.gettext(message) if message else ""


def marked(message: str) -> str:
    """Mark a message for the catalogue where it is defined; `_` translates it where it is said."""
    return message


def refusal(error: OSError) -> str | None:
    """Return what the system refused with, in the language chosen where the catalogue knows its words."""
    return _(error.strerror) if error.strerror else None
