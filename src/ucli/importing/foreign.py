"""What a file is that no table can be read from, and what to do with it: names lie, and say too little."""

import zipfile
from pathlib import Path

from ucli.i18n import _, marked
from ucli.importing.old import is_document, is_locked

SAVE = marked("Open it in the program that it is from, and save the table as .xlsx or as CSV UTF-8.")
_LOCKED = marked("It is locked with a password.")
_UNLOCK = marked("Open it in Excel, take the password away (File, Info), and save it.")
_WORD = marked("It is a document of Word, not a workbook.")
_BINARY = marked("It is a binary workbook (.xlsb), which is not read.")
_WEB = marked("It is a web page that was named like a table.")
_DAMAGED = marked("It is no workbook that can be read: it is damaged, or not whole.")
_INSTEAD = {_LOCKED: _UNLOCK, _DAMAGED: marked("Get the file anew, or open it in Excel and save it.")}

# How files begin that are texts or documents of other kinds, in small letters.
_BEGINNINGS = (
    (b"%pdf", marked("It is a PDF document, not a table.")),
    (b"{\\rtf", _WORD),
    (b"<?xml", marked("It is XML (such as the XML workbook of 2003), not a workbook.")),
    (b"<!doctype html", _WEB),
    (b"<html", _WEB),
    (b"<table", _WEB),
    (b"<meta", _WEB),
    (b"<head", _WEB),
)
# What packed files hold.
_PARTS = {"xl/workbook.bin": _BINARY, "word/document.xml": _WORD}


def text_that_it_is(start: bytes) -> str:
    """Return what a text is that is no table, by how it begins; nothing where it may be one."""
    begun = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((_(told) for beginning, told in _BEGINNINGS if begun.startswith(beginning)), "")


def what_it_is(path: Path) -> tuple[str, str]:
    """Return what a file is that was taken for a workbook, and what to do."""
    told = _packed(path) if zipfile.is_zipfile(path) else _old(path)
    return _(told), _(_INSTEAD.get(told, SAVE))


def is_binary(path: Path) -> bool:
    """Tell whether a file is a binary workbook: how its numbers are shown, and what failed, cannot be told."""
    return zipfile.is_zipfile(path) and _packed(path) == _BINARY


def _packed(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.namelist()
    except (OSError, RuntimeError, ValueError, zipfile.BadZipFile):
        return _DAMAGED
    return next((told for part, told in _PARTS.items() if part in parts), _DAMAGED)


def _old(path: Path) -> str:
    return _LOCKED if is_locked(path) else _WORD if is_document(path) else _DAMAGED
