"""How long a text may be, and what a name has to hold: the same for what is typed and for what is imported."""

import unicodedata

from ucli.errors import RejectedError, UsageError
from ucli.i18n import _
from ucli.values.names import normalised

LONGEST_NAME = 300
# Of a note, a source, the number of a decision.
LONGEST_REMARK = 2_000


def name_of(text: str) -> str:
    """Read a name or a code, or what somebody or something is looked up by: NFC, trimmed.

    Raises:
        RejectedError: it is longer than any name.
        UsageError: nothing of it can be seen.

    """
    name = normalised(text)
    if len(name) > LONGEST_NAME:
        raise RejectedError(
            _("A name of {length} letters is too long.").format(length=len(name)),
            instead=_("Shorten it to {longest} letters.").format(longest=LONGEST_NAME),
        )
    if not any(unicodedata.category(it)[0] in "LNPS" for it in name):
        raise UsageError(_("A name without a visible letter is none."), instead=_("Type the name."))
    return name


def remark_of(text: str) -> str:
    """Read what an officer adds in words, or the number of a paper: as typed, of a length that can be read again.

    Raises:
        RejectedError: it is longer.

    """
    if len(text) > LONGEST_REMARK:
        raise RejectedError(
            _("A text of {length} letters is too long.").format(length=len(text)),
            instead=_("Shorten it to {longest} letters.").format(longest=LONGEST_REMARK),
        )
    return text
