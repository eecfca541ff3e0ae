"""A package: tables as CSV in a zip with a Frictionless manifest, `datapackage.json`.

The same content gives the same bytes. A received package is unpacked with care: its members have fixed names, their
sizes are bounded before and while they are read, the signature is verified before the manifest is parsed, and the
SHA-256 of each part before the part is.
"""

import csv
import json
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import RejectedError, UcliError
from ucli.i18n import _, refusal

MANIFEST, SIGNATURE = "datapackage.json", "datapackage.json.sig"
_LIMITS = {MANIFEST: 1 << 20, SIGNATURE: 1 << 16}
_LARGEST = 512 << 20  # bytes of a package, and of all its parts
_LONGEST = 300  # characters of a text
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a zip
_LONGEST_INTEGER = 18  # characters
_CACHED = 100_000  # cells, for those read already
_END = b"PK\x05\x06"  # end of a zip without a comment, which holds the number of members
_TYPES = {"i": "integer", "d": "date", "": "string"}


class Field(NamedTuple):
    name: str
    type: str  # integer, date or string
    may_be_empty: bool


@cache
def columns_of(text: str) -> tuple[Field, ...]:
    """Parse the columns of a table: `number:i` is an integer, `day:d` a day, a `?` at the end allows empty cells."""
    found = []
    for word in text.split():
        name, _colon, kind = word.removesuffix("?").partition(":")
        found.append(Field(name, _TYPES[kind], word.endswith("?")))
    return tuple(found)


def packed(
    profile: str,
    about: Mapping[str, object],
    tables: Mapping[str, tuple[str, Iterable[Sequence[object]]]],
    sign: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """Return a package of tables, each with its columns and rows, signed if a signer is given."""
    parts = {f"{name}.csv": _written(columns_of(columns), rows) for name, (columns, rows) in tables.items()}
    resources = [
        {
            "name": name,
            "path": f"{name}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(parts[f"{name}.csv"]),
            "hash": f"sha256:{sha256(parts[f'{name}.csv']).hexdigest()}",
            "schema": {"fields": [{"name": it.name, "type": it.type} for it in columns_of(columns)]},
        }
        for name, (columns, _rows) in tables.items()
    ]
    document = {"name": profile.partition("/")[0], "profile": profile, "resources": resources, "ucli": about}
    raw = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1).encode()
    members = {MANIFEST: raw, **({SIGNATURE: sign(raw)} if sign else {}), **parts}
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name, _FIRST_DAY), data, zipfile.ZIP_DEFLATED, 6)
    return file.getvalue()


def require_readable(texts: Iterable[str]) -> None:
    """Refuse to hand on a text that who takes the package would refuse."""
    for text in filter(None, texts):
        try:
            _text(text)
        except ValueError:
            raise RejectedError(
                _("“{text}” cannot be exported as it is.").format(text=text[:60]),
                why=_("It begins with =, +, - or @ like a formula: no other ledger accepts it."),
                instead=_("Correct it where it was recorded, then export again."),
            ) from None


def _written(columns: Sequence[Field], rows: Iterable[Sequence[object]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(it.name for it in columns)
    writer.writerows(rows)
    return text.getvalue().encode()


class SignedPackage(NamedTuple):
    """A package whose parts were checked against its manifest."""

    about: Mapping[str, Any]
    sha256: str  # of the manifest, and so of the whole package
    parts: Mapping[str, bytes]

    def rows(self, name: str, columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table, integers parsed; refuse a malformed row with its line."""
        of = columns_of(columns)
        try:
            lines = csv.reader(StringIO(self.parts[f"{name}.csv"].decode(), newline=""), strict=True)
            if next(lines, None) != [it.name for it in of]:
                raise _not_one(_("{part} has other columns.").format(part=name))
            reads = [_READERS[it.type, it.may_be_empty] for it in of]
            for number, line in enumerate(lines, start=2):
                try:
                    yield tuple([read(cell) for read, cell in zip(reads, line, strict=True)])
                except ValueError:
                    raise _not_one(
                        _("{part}, line {line}: the row is not valid.").format(part=name, line=number)
                    ) from None
        except (UnicodeDecodeError, csv.Error):
            raise _not_one(_("{part} is not text in UTF-8.").format(part=name)) from None


def unpacked(
    file: Path, profile: str, names: Iterable[str], verify: Callable[[bytes, bytes], None] | None = None
) -> SignedPackage:
    """Return the contents of a file, once its manifest and all of its parts are verified.

    Args:
        file: the package.
        profile: the expected kind of package.
        names: its tables.
        verify: takes the manifest and its signature, and raises unless it is by a known signer.

    """
    parts = [f"{name}.csv" for name in names]
    due = [MANIFEST, *([SIGNATURE] if verify else []), *parts]
    try:
        with zipfile.ZipFile(_checked(file, len(due))) as opened:
            members = {it.filename: it for it in opened.infolist()}
            _require_members(opened.infolist(), due)
            raw = _read(opened, members[MANIFEST])
            if verify:
                verify(raw, _read(opened, members[SIGNATURE]))
            about, hashes = _manifest(raw, profile)
            data = {name: _read(opened, members[name]) for name in parts}
    except OSError as error:
        raise RejectedError(_("The file {file} cannot be read.").format(file=file), why=refusal(error)) from None
    except UcliError as error:
        error.what = f"{file.name}: {error.what}"
        raise
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
        *(ValueError, KeyError, TypeError),
    ):
        raise _not_one(_("{file} is damaged, or of another kind of file.").format(file=file.name)) from None
    for name, content in data.items():
        if hashes.get(name) != f"sha256:{sha256(content).hexdigest()}":
            raise _not_one(_("{file}: {part} differs from what was signed.").format(file=file.name, part=name))
    return SignedPackage(about, sha256(raw).hexdigest(), data)


def _checked(file: Path, members: int) -> BytesIO:
    """Read a file, bounded in size and number of members."""
    with file.open("rb") as opened:
        data = opened.read(_LARGEST + 1)
    end = data[-22:]
    if len(data) > _LARGEST or end[:4] != _END or int.from_bytes(end[10:12], "little") != members:
        raise ValueError
    return BytesIO(data)


def _require_members(members: Sequence[zipfile.ZipInfo], due: Sequence[str]) -> None:
    """Refuse unexpected members before any is read: duplicates, paths, links, oversized ones."""
    plain = all(
        it.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        and not it.flag_bits & 1
        and it.external_attr >> 28 in (0, 8)
        and it.file_size <= _LIMITS.get(it.filename, _LARGEST)
        for it in members
    )
    if not plain or sorted(it.filename for it in members) != sorted(due):
        raise ValueError
    if sum(it.file_size for it in members) > _LARGEST:
        raise ValueError


def _read(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with opened.open(member) as part:
        data = part.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise ValueError
    return data


def _manifest(raw: bytes, profile: str) -> tuple[Mapping[str, Any], dict[str, str]]:
    document = json.loads(raw, parse_int=_integer, parse_constant=_none_such)
    if document["profile"] != profile or not isinstance(document["ucli"], dict):
        raise ValueError
    hashes = {str(it["path"]): str(it["hash"]) for it in document["resources"]}
    for value in document["ucli"].values():
        if isinstance(value, str):
            _text(value)
    return document["ucli"], hashes


def _none_such(_text: str) -> object:
    raise ValueError


@lru_cache(_CACHED)
def _integer(cell: str) -> int:
    if len(cell) > _LONGEST_INTEGER or str(number := int(cell)) != cell:
        raise ValueError
    return number


@lru_cache(_CACHED)
def _day(cell: str) -> str:
    if date.fromisoformat(cell).isoformat() != cell:
        raise ValueError
    return cell


@lru_cache(_CACHED)
def _text(cell: str) -> str:
    """Return a text if it is one line, as typed, that no spreadsheet takes for a formula."""
    if not cell.strip() or len(cell) > _LONGEST or cell[0] in "=+-@" or not unicodedata.is_normalized("NFC", cell):
        raise ValueError
    if any(unicodedata.category(it) in ("Cc", "Cf", "Cs", "Zl", "Zp") for it in cell):
        raise ValueError
    return cell


def _or_empty(read: Callable[[str], object]) -> Callable[[str], object]:
    return lru_cache(_CACHED)(lambda cell: read(cell) if cell else None)


_READ: dict[str, Callable[[str], object]] = {"integer": _integer, "date": _day, "string": _text}
_READERS = {
    **{(kind, False): read for kind, read in _READ.items()},
    **{(kind, True): _or_empty(read) for kind, read in _READ.items()},
}


def _not_one(what: str) -> RejectedError:
    return RejectedError(
        what, why=_("Nothing was imported from it."), instead=_("Ask the office that sent the file to send it again.")
    )
