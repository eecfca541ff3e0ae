"""Damaged letters: Vietnamese text that was read in the wrong encoding."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple


class Damage(NamedTuple):
    """What happened to a text, and the text repaired; empty if that is not certain."""

    kind: str
    repaired: str


TWICE, TCVN3, VNI, CP1258, LOST = "utf-8", "tcvn3", "vni", "cp1258", "lost"

# A Vietnamese syllable without its tone. A word that is none may still be a name of a minority people or a firm, so by
# itself it proves nothing.
_SYLLABLE = re.compile(
    "(?:ngh?|nh|gh?|gi|kh?|ph|th|tr|ch|qu|[bcdđhlmnprstvx])?"
    "(?:a(?:ch|nh|ng|[cimnoptuy])?|ă(?:ng|[cmnpt])|â(?:ng|[cmnptuy])|e(?:ng|[cmnopt])?|ê(?:ch|nh|[mnptu])?"
    "|i(?:ch|nh|[mnptua]|ê(?:ng|[cmnptu]))?"
    "|o(?:ng|[cimnpt]|a(?:ch|nh|ng|[cimnoptyu])?|ă(?:ng|[cmnt])|e[not]?|oc|ong)?|ô(?:ng|[cimnpt])?|ơ[imnpt]?"
    "|u(?:ng|[cimnpta]|â(?:ng|[nty])|ê(?:ch|nh|n)?|ô(?:ng|[cimnt])|ơ|y(?:ch|nh|[aptun]|ê[nt])?)?"
    "|ư(?:ng|[cimntua]|ơ(?:ng|[cimnptu]))?|y(?:nh|ch|t|ê(?:ng|[mntu]))?)"
)
_TONES = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))
_WORD = re.compile(r"""[^\s()\[\],.;:/"'’&+_–-]+""")
_LETTERS = "àáãâèéêìíòóôõùúýăđĩũơư"
_FOREIGN = re.compile(rf"[^\0-\x7f{_LETTERS}{_LETTERS.upper()}\u1ea0-\u1ef9]|[a-zà-ý][À-Ý]")
# A letter followed by its mark, as in VNI and cp1258; except that Hoà, Hoá and Hoã are sound spellings.
_PAIR = r"[ae][âáàã]|oâ|a[êéèú]|[aeouyôö][ùõ]|[aeiyâêô][ìò]"
_PAIRS = re.compile(_PAIR, re.IGNORECASE)
# “à” in UTF-8 that was read byte by byte ends with a space that cannot be broken, which is soon lost: HÃ, HoÃ.
_HALF = r"(?:[a-zà-ýđ]|(?<!\w)[BCHKNST])Ã(?!\w)"
_HALF_AN_A = re.compile(_HALF)
# Nearly every text is recognised here.
_SUSPECT = re.compile(
    rf"(?i:{_PAIR})|{_HALF}|[^\0->@-\x7f\s{_LETTERS}{_LETTERS.upper()}\u1ea0-\u1ef9‘’“”–—…]|[a-zà-ý][À-Ý]"
)

_FROM_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
# In VNI a mark follows its letter; some letters are single characters.
_OF_VNI = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_OF_VNI |= {"ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303"}
_OF_VNI |= {"ë": "\u0306\u0323", "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309"}
_OF_VNI |= {"ã": "\u0302\u0303", "ä": "\u0302\u0323"}
_BEHIND = re.compile("(?<=a)[êéèúüë]|(?<=[aeo])[âáàåãä]|(?<=[aeouyôö])[ùøûõï]", re.IGNORECASE)
_SINGLE = str.maketrans("ôöñæóòîÔÖÑÆÓÒÎ", "ơưđỉĩịỵƠƯĐỈĨỊỴ")

# Remains of UTF-8 that was read byte by byte, and signs that occur within a word only as letters of TCVN3.
_BYTES = re.compile(r"[\x80-\x84\x86-\x9f]|á[º»]|Ä[‘\u0192]|Æ[°¡]|Ã[\u00a1-\u00bf]|ï¿½")
_SIGNS = re.compile(r"[^\W\d_][µ¸¶¹¨¾¼½©¬¡¢§£¤¥¦×]+[^\W\d_]|(?<!\w)[§£][^\W\d_]")


def from_tcvn3(text: str) -> str:
    return text.translate(_FROM_TCVN3)


def from_vni(text: str) -> str:
    marked = _BEHIND.sub(lambda it: f"\0{_OF_VNI[it[0].lower()]}", text)
    parts = marked.split("\0")  # what a mark became must not be read again as a single letter
    return unicodedata.normalize("NFC", "".join(part.translate(_SINGLE) for part in parts))


def bytes_of(text: str) -> bytes:
    """Return the bytes that were read as cp1252, or as Latin-1 where cp1252 has no such character."""
    return b"".join(it.encode("latin-1" if "\x80" <= it <= "\x9f" else "cp1252") for it in text)


def from_cp1258(text: str) -> str:
    return unicodedata.normalize("NFC", bytes_of(text).decode("cp1258"))


DECODERS: dict[str, Callable[[str], str]] = {TCVN3: from_tcvn3, VNI: from_vni, CP1258: from_cp1258}


def is_suspect(text: str) -> bool:
    """Tell whether a text, which may hold many lines, could be damaged."""
    return bool(_SUSPECT.search(text))


def damage_of(text: str) -> Damage | None:
    """Return what happened to a damaged text; None if it is sound."""
    if text.isascii() or not is_suspect(text):
        return None
    if "\ufffd" in text:
        return Damage(LOST, "")
    try:
        repaired = unicodedata.normalize("NFC", bytes_of(text).decode())
        if repaired.isupper() == text.isupper():
            return Damage(TWICE, "" if "\ufffd" in repaired else repaired)
    except UnicodeError:
        pass
    if _BYTES.search(text) or (_HALF_AN_A.search(text) and not text.isupper()):
        return Damage(TWICE, "")
    text = unicodedata.normalize("NFC", text)
    for kind, decode in DECODERS.items():
        try:
            words = [(word, decode(word)) for word in _WORD.findall(text)]
        except UnicodeError:
            continue
        changed = [(word, meant) for word, meant in words if word != meant]
        if all(_is_syllable(meant) for _word, meant in changed) and any(
            not _is_syllable(word) and (_FOREIGN.search(word) or (kind != TCVN3 and _PAIRS.search(word)))
            for word, _meant in changed
        ):
            return Damage(kind, decode(text))
    return Damage(TCVN3, "") if _SIGNS.search(text) else None


def _is_syllable(word: str) -> bool:
    """Tell whether a word is Vietnamese, in lower case, upper case, or capitalised."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    bare = apart.translate(_TONES)
    return len(apart) - len(bare) < 2 and bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)))
