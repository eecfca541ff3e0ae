"""The parts of a zipped workbook: found through its relationships, unpacked and parsed within bounds, in a stream.

Expat parses without recursion. Whatever could exhaust memory is bounded here: entities, the depth of elements, the
length of a tag, the number of names.
"""

import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from posixpath import normpath
from typing import IO, Any
from xml.parsers import expat

from ucli.importing.sheets import LONGEST_ROW, MOST_BYTES, Memo, TooLargeError

_BYTES_AT_ONCE = 1 << 16
_BYTES_OF_A_HEAD = 1 << 20
_DEEPEST = 256
_LONGEST_TAG = 4 << 20
_MOST_NAMES = 20_000
_MOST_PARTS = 4 << 20  # bytes of the list of parts
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MAIN = (
    "",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"

_OTHER_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")  # any but those that Excel writes

Token = tuple[str, ...]


def unpacked(path: Path) -> zipfile.ZipFile:
    """Open a zipped file.

    Raises:
        TooLargeError: it unpacks to more than any list would.
        ValueError: it is compressed in a way that no spreadsheet program uses.

    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 16) - 100))
        _require_few_parts(file.read())
    packed = zipfile.ZipFile(path)
    if sum(part.file_size for part in packed.infolist()) > MOST_BYTES:
        raise TooLargeError
    if any(part.compress_type not in _PACKED for part in packed.infolist()):
        raise ValueError(path)
    return packed


def _require_few_parts(tail: bytes) -> None:
    """Refuse a directory of parts that would exhaust memory, before the library reads it."""
    end = tail.rfind(b"PK\x05\x06")
    if 0 <= end <= len(tail) - 22:
        [size] = struct.unpack_from("<I", tail, end + 12)
        if end >= 76 and tail[end - 76 : end - 72] == b"PK\x06\x06":  # zip64
            [size] = struct.unpack_from("<Q", tail, end - 36)
        if size > _MOST_PARTS:
            raise TooLargeError


class Elements:
    """A push parser of XML, within bounds; it collects all elements, its subclasses what they look for."""

    def __init__(self) -> None:
        self.depth = 0
        self.tags = Memo(_tag)
        self.found: list[tuple[str, str, dict[str, str]]] = []  # the parent's name, its own, its attributes
        self._around: list[str] = [""]
        self.encoding = "utf-8"
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.EntityDeclHandler = self._entity
        parser.XmlDeclHandler = self._declared
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        self._fed = 0
        self.text: list[str] = []  # collected while listening; subclasses empty it
        self.length = 0

    def start(self, name: str, said: dict[str, str]) -> None:
        self.depth += 1
        self.found.append((self._around[-1], self.tags[name], said))
        self._around.append(self.tags[name])

    def end(self, _name: str) -> None:
        self.depth -= 1
        self._around.pop()

    def feed(self, piece: bytes) -> None:
        self.parser.Parse(piece)
        self._fed += len(piece)
        waiting = self._fed - max(self.parser.CurrentByteIndex, 0)
        if waiting > _LONGEST_TAG or self.depth > _DEEPEST or len(self.parser.intern) > _MOST_NAMES:
            raise TooLargeError

    def read(self, text: IO[bytes]) -> Iterator[None]:
        """Parse a whole part; after each step the caller takes what was found."""
        while piece := text.read(_BYTES_AT_ONCE):
            self.feed(piece)
            yield
        self.parser.Parse(b"", True)
        yield

    def listen(self, *, on: bool = True) -> None:
        """Begin to collect text, or stop."""
        self.parser.CharacterDataHandler = self.characters if on else None

    def characters(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_ROW:
            raise TooLargeError
        self.text.append(text)

    def _declared(self, _version: str, encoding: str | None, _alone: int) -> None:
        self.encoding = (encoding or "utf-8").lower()

    @staticmethod
    def _entity(*_about: object) -> None:
        """Refuse entities, which no spreadsheet program declares: they serve to blow a file up."""
        raise ValueError


def _tag(name: str) -> str:
    """Return the local name of an element; "" for one of a foreign namespace."""
    namespace, _space, tag = name.rpartition(" ")
    return tag if namespace in (*_MAIN, _LINKS) else ""


class Package:
    """The parts of an .xlsx, by name in any case and with either slash."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._names = {_plain(name): name for name in packed.namelist()}

    def __contains__(self, part: str) -> bool:
        return _plain(part) in self._names

    def open(self, part: str) -> IO[bytes]:
        return self._packed.open(self._names[_plain(part)])

    def elements(self, part: str) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yield the elements of a part: the parent's name, its own, its attributes."""
        found = Elements()
        with self.open(part) as text:
            for _piece in found.read(text):
                yield from found.found
                found.found.clear()

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part by their ids: the kind and the name of the part each leads to."""
        folder, _slash, name = part.rpartition("/")
        links = f"{folder}/_rels/{name}.rels".lstrip("/")
        if links not in self:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for _around, tag, said in self.elements(links):
            if tag == "Relationship" and said.get("TargetMode") != "External" and len(found) < _MOST_NAMES:
                target = said.get("Target", "").replace("\\", "/")
                whole = target if target.startswith("/") else f"/{folder}/{target}"
                found[said.get("Id", "")] = said.get("Type", "").rpartition("/")[2], normpath(whole).lstrip("/")
        return found


def _plain(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()


def blocks(
    text: IO[bytes],
    reader: Elements,
    opening: re.Pattern[bytes],
    closing: bytes,
    pattern: re.Pattern[str],
    is_open: Callable[[], Any],
) -> Iterator[list[Token]]:
    """Yield tokens of the content of one element, as Excel writes it; everything else is fed to a parser.

    The content follows an opening tag, which the parser confirms to be open and not within a comment; each block of it
    ends with a closing tag. The pattern accounts for every character: its last group catches what is no token. Once
    that catches anything, the parser reads on from there, and an empty list is yielded at each of its steps.
    """
    waiting, found = b"", None
    while not (found := opening.search(waiting)) and len(waiting) < _BYTES_OF_A_HEAD:
        if not (more := text.read(_BYTES_AT_ONCE)):
            break
        waiting += more
    if found:
        reader.feed(waiting[: found.end()])
        waiting = waiting[found.end() :]
    is_plain = bool(found) and reader.encoding == "utf-8" and is_open()
    while is_plain:
        more = text.read(_BYTES_AT_ONCE)
        waiting += more
        tokens, size = _tokens(waiting, closing, pattern)
        waiting = waiting[size:]
        yield tokens
        is_plain = bool(more and size)
    for start in range(0, len(waiting), _BYTES_AT_ONCE):
        reader.feed(waiting[start : start + _BYTES_AT_ONCE])
        yield []
    for _piece in reader.read(text):
        yield []


def _tokens(text: bytes, closing: bytes, pattern: re.Pattern[str]) -> tuple[list[Token], int]:
    """Return the tokens of a text up to its last closing tag, and their length; ([], 0) if anything is no token."""
    size = text.rfind(closing) + len(closing)
    if size < len(closing) or _OTHER_REFERENCE.search(text):
        return [], 0
    try:
        tokens = pattern.findall(text[:size].decode())
    except UnicodeDecodeError:
        return [], 0
    return ([], 0) if any(token[-1] for token in tokens) else (tokens, size)
