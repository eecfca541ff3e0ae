"""Vietnamese names: stored as NFC, found with or without tone marks, sorted a ă â … d đ …."""

import unicodedata

# Written out of ASCII's reach: lower('Đ') decomposes no further.
_NO_MARKS = str.maketrans("đĐ", "dD")

# Letters in dictionary order; tone marks only part words that are otherwise equal.
_LETTERS = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

# What stands before a union's own name and is left out when it is called by that name alone.
_TITLES = (
    "tong lien doan lao dong",
    "lien doan lao dong",
    "ldld",
    "cong doan co so",
    "nghiep doan co so",
    "cong doan nganh",
    "cong doan",
    "cdcs",
    "ndcs",
    "cd",
    "tinh",
    "thanh pho",
    "tp.",
    "tp",
    "huyen",
    "quan",
    "thi xa",
    "phuong",
    "xa",
    "dac khu",
    "cum thi dua",
)


def normalised(text: str) -> str:
    """Return the text as it is stored: NFC, white space squeezed and trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return the text as it is searched: no tone marks, đ as d, lower case."""
    bare = unicodedata.normalize("NFD", text).translate(_NO_MARKS)
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).lower().split())


def own_name(text: str) -> str:
    """Return the folded name without its titles: "LĐLĐ tỉnh Thái Bình" is "thai binh"."""
    rest = fold(text)
    found = True
    while found:
        found = False
        for title in _TITLES:
            if rest.startswith(f"{title} "):
                rest = rest[len(title) :].lstrip()
                found = True
    return rest


def slug(text: str) -> str:
    """Return a code made from the own name: "LĐLĐ huyện Lâm Bình" is "LAM-BINH"."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in own_name(text)).split()
    return "-".join(words).upper() or "X"


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Return a key that sorts as a Vietnamese dictionary does."""
    letters: list[int] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).lower():
        tone, base = 0, character
        marks = unicodedata.normalize("NFD", character)
        for mark in marks[1:]:
            if mark in _TONES:
                tone = _TONES[mark]
                base = unicodedata.normalize("NFC", marks.replace(mark, ""))[0]
        # Digits and signs sort before letters, unknown letters after.
        letters.append(_LETTERS.get(base, ord(base) - 1000 if ord(base) < 128 else 1000 + ord(base)))
        tones.append(tone)
    return tuple(letters), tuple(tones), text
