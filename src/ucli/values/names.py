"""Vietnamese names: stored as NFC, found with or without tone marks, sorted a ă â … d đ …."""

import unicodedata
from functools import cache

# Written out of ASCII's reach: lower('Đ') decomposes no further.
_NO_MARKS = str.maketrans("đĐðÐ", "dDdD")

# Letters in dictionary order; tone marks only part words that are otherwise equal.
# After all digits and signs of ASCII, and before every letter of other languages.
_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=128)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

# What stands before a union's own name and is left out when it is called by that name alone: an organisation's
# titles, then one of a place's. "Huyện Tịnh Biên" keeps its Tịnh, "phường Phương Liên" its Phương.
_ORGANISATIONS = (
    "tổng liên đoàn lao động",
    "tổng lđlđ",
    "liên đoàn lao động",
    "lđlđ",
    "công đoàn cơ sở",
    "nghiệp đoàn cơ sở",
    "công đoàn ngành",
    "công đoàn",
    "cđcs",
    "nđcs",
    "cđ",
    "cụm thi đua",
)
_PLACES = ("tỉnh", "thành phố", "tp.", "tp", "huyện", "quận", "thị xã", "phường", "xã", "đặc khu")


def normalised(text: str) -> str:
    """Return the text as it is stored: NFC, white space squeezed and trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return the text as it is searched: no tone marks, đ as d, lower case."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_BARE).lower().split())


def same(one: str, other: str) -> bool:
    """Tell whether two spellings are one name: Hòa and Hoà, HƯNG HÀ and Hưng Hà, but not Hòa and Hóa, An and Ân."""
    return _toned(one) == _toned(other)


def _toned(text: str) -> list[tuple[str, list[str]]]:
    """Return each word as its letters and, apart from where it stands, its tone."""
    words = [unicodedata.normalize("NFD", word) for word in normalised(text).lower().split()]
    return [
        ("".join(mark for mark in word if mark not in _TONES), [mark for mark in word if mark in _TONES])
        for word in words
    ]


def _bare(character: str) -> str:
    if character.isalpha():
        bare = unicodedata.normalize("NFD", character).translate(_NO_MARKS)
        return "".join(c for c in bare if not unicodedata.combining(c))
    # A sign keeps its stroke: ≯ is not >.
    return "" if unicodedata.combining(character) else character


class _Bare(dict[int, str]):
    """Every character without its marks, worked out when it is met first; a million names hold but two hundred."""

    def __missing__(self, code: int) -> str:
        self[code] = bare = _bare(chr(code))
        return bare


_BARE = _Bare()


def own_name(text: str) -> str:
    """Return the folded name without its titles: "LĐLĐ tỉnh Thái Bình" is "thai binh"."""
    rest = normalised(text).lower()
    found = True
    while found:
        rest, found = _without(rest, _ORGANISATIONS)
    rest, _found = _without(rest, _PLACES)
    return fold(rest)


def bare_name(text: str) -> str:
    """Return the same with its marks and capitals: "Thái Bình"."""
    # Folding keeps the number of letters, and titles stand in front.
    typed = normalised(text)
    return typed[len(typed) - len(own_name(text)) :]


@cache
def _spellings(title: str) -> tuple[str, str]:
    return title, fold(title)


def _without(text: str, titles: tuple[str, ...]) -> tuple[str, bool]:
    """Cut a title off a name; one typed with tone marks is compared with them."""
    for title in titles:
        for spelling in _spellings(title):
            # A word that has marks is only the title that has the same.
            if text.startswith(spelling) and (spelling.endswith(".") or text[len(spelling) :].startswith(" ")):
                return text[len(spelling) :].lstrip(), True
    return text, False


def slug(text: str) -> str:
    """Return a code made from the own name: "LĐLĐ huyện Lâm Bình" is "LAM-BINH"."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in own_name(text)).split()
    return "-".join(words).upper() or "X"


def sort_key(text: str) -> tuple[str, str, str]:
    """Return a key that sorts as a Vietnamese dictionary does."""
    typed = unicodedata.normalize("NFC", text).lower()
    return typed.translate(_BY_LETTER), typed.translate(_BY_TONE), text


def _letter_and_tone(character: str) -> tuple[str, int]:
    tone, base = 0, character
    marks = unicodedata.normalize("NFD", character)
    for mark in marks[1:]:
        if mark in _TONES:
            tone = _TONES[mark]
            base = unicodedata.normalize("NFC", marks.replace(mark, ""))[0]
    return base, tone


class _ByLetter(dict[int, int]):
    """The place of every letter met so far: digits and signs before letters, unknown letters after."""

    def __missing__(self, character: int) -> int:
        base, _tone = _letter_and_tone(chr(character))
        self[character] = _LETTERS.get(base, ord(base))
        return self[character]


class _ByTone(dict[int, int]):
    """The place of the tone of every letter met so far."""

    def __missing__(self, character: int) -> int:
        _base, self[character] = _letter_and_tone(chr(character))
        return self[character]


_BY_LETTER, _BY_TONE = _ByLetter(), _ByTone()
