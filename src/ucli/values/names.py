"""Vietnamese names: stored as NFC, found with or without tone marks, sorted a ă â … d đ …; how long texts may be."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from ucli.errors import RejectedError, UsageError
from ucli.i18n import _

LONGEST_NAME = 300
_DIGITS = 12  # digits of a number within a name, for sorting
# The longest note, source or number of a decision.
LONGEST_REMARK = 2_000

Entry = TypeVar("Entry")

# Unicode does not decompose đ, so folding replaces it.
_NO_MARKS = str.maketrans("đĐðÐ", "dDdD")
# Letters in dictionary order; tone marks only order words that are otherwise equal.
# Sorted after all of ASCII's digits and signs, and before the letters of other languages.
_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=128)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
# Joiners, direction marks, byte order marks and fillers; variation selectors only after letters and digits, for after a
# symbol they choose its look. The soft hyphen is treated apart: in TCVN3 it is the letter ư.
_NO_SIGN = "\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Those of them that are printable; the others are found by `isprintable`, which is quick.
_FIRST_PRINTABLE = "\u3164"
_UNSEEN = rf"(?:(?<![^\0-\u1fff])[{_NO_SIGN}{_SELECTORS}]+|[{_NO_SIGN}]+)"  # compiled when first needed
_HYPHENED = r"[^\s;,]*\u00ad[^\s;,]*"


def seen(text: str) -> str:
    """Return a text without its invisible signs."""
    if text.isascii() or (text.isprintable() and max(text) < _FIRST_PRINTABLE):
        return text
    text = re.sub(_UNSEEN, "", text)
    if "\u00ad" in text:
        if max(text) > "\xff":  # Unicode; in TCVN3 it is a letter
            return text.replace("\u00ad", "")
        from ucli.values.letters import damage_of  # noqa: PLC0415  only where something is wrong

        return re.sub(_HYPHENED, lambda it: it[0] if damage_of(it[0]) else it[0].replace("\u00ad", ""), text)
    return text


def normalised(text: str) -> str:
    """Return the text as it is stored: NFC, white space squeezed and trimmed, without invisible signs."""
    return " ".join(unicodedata.normalize("NFC", seen(text)).split())


def fold(text: str) -> str:
    """Return the text for searching: no tone marks, đ as d, lower case; its length stays the same."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_BARE).lower().split())


def some_of(names: Iterable[str], most: int = 5, between: str = ", ", text: str = "") -> str:
    """List the first few names and the number of the others, by the caller's text for it."""
    known = [*names]
    if len(known) <= most + 1:  # a count of one is no shorter than the name
        return between.join(known)
    count = f"{len(known) - most:,}".replace(",", ".")
    return (text or _("{names} and {count} more")).format(names=between.join(known[:most]), count=count)


def alike(typed: str, spellings: Mapping[str, Entry], most: int = 3) -> list[Entry]:
    """Return which of some spellings a text may mean: those spelt nearly alike, else those with most of its words."""
    from difflib import get_close_matches  # noqa: PLC0415  only where something is wrong

    folded = {fold(it): value for it, value in spellings.items()}
    if close := get_close_matches(fold(typed), folded, n=most, cutoff=0.7):
        return [*dict.fromkeys(folded[it] for it in close)]
    words = set(re.findall(r"\w+", fold(typed)))
    shared = {it: len(words & set(re.findall(r"\w+", it))) for it in folded}
    likely = [it for it in folded if 2 * shared[it] > len(words)]
    likely.sort(key=lambda it: (-shared[it], len(it)))
    return [*dict.fromkeys(folded[it] for it in likely)][:most]


def same(one: str, other: str) -> bool:
    """Tell whether two spellings are one name: Hòa and Hoà, HƯNG HÀ and Hưng Hà, but not Hòa and Hóa, An and Ân."""
    return one == other or _toned(one) == _toned(other)


def is_called(one: str, other: str) -> bool:
    """Tell whether two names may be one person's: they are the same, or one of them was typed without tone marks."""
    has_no_marks = any(fold(it) == normalised(it).lower() for it in (one, other))
    return same(one, other) or (has_no_marks and fold(one) == fold(other))


def _toned(text: str) -> list[tuple[str, list[str]]]:
    """Return each word as its letters without tones, and its tone wherever it is placed."""
    words = [unicodedata.normalize("NFD", word) for word in normalised(text).lower().split()]
    return [
        ("".join(mark for mark in word if mark not in _TONES), [mark for mark in word if mark in _TONES])
        for word in words
    ]


class _Translation(dict[int, str | int]):
    """What each character folds to, computed when first met; a million names hold only two hundred characters."""

    def __init__(self, become: Callable[[str], str | int]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, code: int) -> str | int:
        self[code] = became = self._become(chr(code))
        return became


def _bare(character: str) -> str:
    if not seen(character):
        return ""
    if character.isalpha():
        bare = unicodedata.normalize("NFD", character).translate(_NO_MARKS)
        return "".join(c for c in bare if not unicodedata.combining(c))
    # Signs are not decomposed: ≯ is not >.
    return "" if unicodedata.combining(character) else character


_BARE = _Translation(_bare)

# The titles in front of a unit's own name: those of an organisation, then one of a place. "Huyện Tịnh Biên" keeps its
# Tịnh, "phường Phương Liên" its Phương: a title typed with tone marks is compared with them, one without them folded.
_TITLES = (
    "tổng liên đoàn lao động|tổng lđlđ|liên đoàn lao động|lđlđ|công đoàn cơ sở|nghiệp đoàn cơ sở|công đoàn ngành"
    "|công đoàn|cđcs|nđcs|cđ|cụm thi đua"
)
_PLACES = "tỉnh|thành phố|tp|huyện|quận|thị xã|tx|phường|xã|đặc khu"
_BEFORE_OWN_NAME = re.compile(
    rf"(?:(?:{_TITLES}|{fold(_TITLES)}) )*(?:(?:tp|tx|h|q)\. ?|(?:{_PLACES}|{fold(_PLACES)}) )?"
)


def own_name(text: str) -> str:
    """Return the folded name without its titles: "LĐLĐ tỉnh Thái Bình" is "thai binh"."""
    return fold(bare_name(text))


def bare_name(text: str) -> str:
    """Return the name without its titles, with its marks and capitals: "Thái Bình"."""
    typed = normalised(text)
    titles = _BEFORE_OWN_NAME.match(typed.lower())
    return typed[titles.end() :] if titles else typed


def slug(text: str) -> str:
    """Return a code made from the own name: "LĐLĐ huyện Lâm Bình" is "LAM-BINH"."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in own_name(text)).split()
    return "-".join(words).upper() or "X"


def sort_key(text: str) -> tuple[str, str, str]:
    """Return a key that sorts as a Vietnamese dictionary does, and numbers by their value: số 2 before số 10."""
    typed = unicodedata.normalize("NFC", text).lower()
    typed = re.sub(r"[0-9]+", lambda it: it[0].zfill(_DIGITS), typed)
    letters, tones = zip(*map(_sorted_by, typed.split(" ")), strict=True)
    return _BETWEEN_WORDS[0].join(letters), _BETWEEN_WORDS[1].join(tones), text


@lru_cache(4096)
def _sorted_by(word: str) -> tuple[str, str]:
    """Return the sorting key of a word; cached, for names share few words."""
    return word.translate(_BY_LETTER), word.translate(_BY_TONE)


def _letter(character: str) -> int:
    marks = unicodedata.normalize("NFD", character)
    base = unicodedata.normalize("NFC", "".join(it for it in marks if it not in _TONES)) or character
    return _LETTERS.get(base[0], ord(base[0]))


def _tone(character: str) -> int:
    return next((_TONES[it] for it in unicodedata.normalize("NFD", character)[1:] if it in _TONES), 0)


_BY_LETTER, _BY_TONE = _Translation(_letter), _Translation(_tone)
_BETWEEN_WORDS = _sorted_by(" ")


def name_of(text: str) -> str:
    """Read a name or code, new or to be looked up: NFC, trimmed, with at least one visible character."""
    name = normalised(text)
    if len(name) > LONGEST_NAME:
        raise RejectedError(
            _("A name of {length} letters is too long.").format(length=len(name)),
            instead=_("Shorten it to {longest} letters.").format(longest=LONGEST_NAME),
        )
    if not any(unicodedata.category(it)[0] in "LNPS" for it in name):
        raise UsageError(_("A name needs at least one visible letter."), instead=_("Type the name."))
    return name


def remark_of(text: str) -> str:
    """Read a remark or the number of a document: as typed, of bounded length."""
    if len(text) > LONGEST_REMARK:
        raise RejectedError(
            _("A text of {length} letters is too long.").format(length=len(text)),
            instead=_("Shorten it to {longest} letters.").format(longest=LONGEST_REMARK),
        )
    return seen(text)
