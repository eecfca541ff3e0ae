"""The form in which unions sign and number what they hand in; its words are Vietnamese in either language."""

from datetime import date

from ucli.render import Letterhead
from ucli.values.dates import formal_date_text
from ucli.values.names import fold
from ucli.values.units import GRASSROOTS

UNKNOWN = "…"  # to be filled in by hand
_ABBREVIATIONS = {"LĐLĐ": "Liên đoàn Lao động", "CĐCS": "Công đoàn cơ sở", "CĐ": "Công đoàn"}
_SIGNED_FOR = {**dict.fromkeys(GRASSROOTS, "TM. BAN CHẤP HÀNH"), "confederation": "TM. ĐOÀN CHỦ TỊCH"}


def place_and_day(head: Letterhead) -> str:
    """Return where and on which day it is signed."""
    return f"{head.place or UNKNOWN}, {formal_date_text(head.day or date.today())}"  # noqa: DTZ011


def signature(head: Letterhead) -> tuple[str, str, str]:
    """Return what stands over a signature: place and day, for whom, and as what."""
    return place_and_day(head), _SIGNED_FOR.get(head.kind, "TM. BAN THƯỜNG VỤ"), head.signer_title or "CHỦ TỊCH"


def in_full(name: str) -> str:
    """Return a union's name without abbreviations: "LĐLĐ tỉnh Thái Bình" is "Liên đoàn Lao động tỉnh Thái Bình"."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in name.split())


def initials(head: Letterhead) -> str:
    """Return what stands behind the number of a union's documents."""
    name = f"{fold(in_full(head.own))} "
    if name.startswith("tong lien doan lao dong "):
        return "TLĐ"
    if head.kind in GRASSROOTS:
        return "CĐCS"
    return "CĐ" if name.startswith("cong doan ") else "LĐLĐ"
