"""How unions sign and number their documents; the words are Vietnamese in either language."""

from datetime import date
from typing import Any

from ucli.reports.letterhead import Letterhead
from ucli.values.dates import formal_date_text
from ucli.values.names import fold
from ucli.values.units import GRASSROOTS

_UNKNOWN = "…"  # left to be filled in by hand
_ABBREVIATIONS = {"LĐLĐ": "Liên đoàn Lao động", "CĐCS": "Công đoàn cơ sở", "CĐ": "Công đoàn"}
_SIGNED_FOR = {**dict.fromkeys(GRASSROOTS, "TM. BAN CHẤP HÀNH"), "confederation": "TM. ĐOÀN CHỦ TỊCH"}


def fields_of(head: Letterhead) -> dict[str, Any]:
    """Return the letterhead's fields for a template."""
    upper = _in_full(head.upper or "")
    recipients = [it.strip() for it in head.recipients.split(";") if it.strip()]
    return {
        "upper": upper,
        "own": _in_full(head.own) or _UNKNOWN,
        "number": f"{head.number or _UNKNOWN}/{'DS' if head.is_list else 'BC'}-{_initials(head)}",
        "place": head.place or _UNKNOWN,
        "day": formal_date_text(head.dated or date.today()),  # noqa: DTZ011
        "kind": head.subject.upper() if head.is_list else "BÁO CÁO",
        "recipients": recipients or [f"{_UNKNOWN if head.is_list else upper or _UNKNOWN};", "Lưu: VT."],
        "signed_for": _SIGNED_FOR.get(head.kind, "TM. BAN THƯỜNG VỤ"),
        "signer_title": head.signer_title or "CHỦ TỊCH",
        "signer": head.signer,
    }


def _in_full(name: str) -> str:
    """Return a union's name without abbreviations: "LĐLĐ tỉnh Thái Bình" is "Liên đoàn Lao động tỉnh Thái Bình"."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in name.split())


def _initials(head: Letterhead) -> str:
    """Return the abbreviation behind the number of a union's documents."""
    name = f"{fold(_in_full(head.own))} "
    if name.startswith("tong lien doan lao dong "):
        return "TLĐ"
    if head.kind in GRASSROOTS:
        return "CĐCS"
    return "CĐ" if name.startswith("cong doan ") else "LĐLĐ"
