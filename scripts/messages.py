"""Bring the Vietnamese catalogue in step with the messages in the code, and compile it.

python scripts/messages.py          add new messages, drop old ones, write ucli.po and ucli.mo
python scripts/messages.py --check  only say what is out of step; exit 1 if anything is
"""

import ast
import errno
import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from ucli.cli.index import COMMANDS, OPTIONS
from ucli.values.choices import CHOICES

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "ucli"
PO = SOURCE / "locale" / "vi" / "LC_MESSAGES" / "ucli.po"

# What Typer itself says in a help text, through the same catalogue.
TYPERS_OWN = (
    "Arguments",
    "Options",
    "default: {default}",
    "required",
    "Usage: ",
    "[OPTIONS]",
    "COMMAND [ARGS]...",
    "Show this message and exit.",
    "Install completion for the current shell.",
    "Show completion for the current shell, to copy it or customize the installation.",
)

# What a system commonly refuses, in its own words.
SYSTEMS_OWN = ("ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EEXIST", "ENOSPC", "EDQUOT", "EROFS", "ENAMETOOLONG",
               "EFBIG", "ELOOP", "EMFILE", "ENFILE", "EBUSY", "EIO")  # fmt: skip


def messages() -> Iterator[str]:
    """Yield every message: what stands in `_(…)` and `marked(…)`, the help of commands and parameters, and rules."""
    yield from TYPERS_OWN
    yield from (os.strerror(getattr(errno, name)) for name in SYSTEMS_OWN)
    for it in COMMANDS.values():
        yield from (it.panel, it.says, it.title)
    yield from CHOICES
    for option in OPTIONS.values():
        yield option.help
        if option.metavar != option.metavar.lower():  # what is typed as it stands has no translation
            yield option.metavar
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from _said_in(node)
    for path in sorted((SOURCE / "web").rglob("*.html")):
        with path.open("rb") as file:
            yield from (str(message) for _line, _function, message, _notes in babel_extract(file, ["_"], [], {}))


def _texts(node: ast.Call, *names: str) -> list[str]:
    """Return the texts that a call of one of some functions is given."""
    if getattr(node.func, "id", getattr(node.func, "attr", "")) not in names:
        return []
    return [it.value for it in node.args if isinstance(it, ast.Constant) and isinstance(it.value, str)]


def _said_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        yield from _texts(node, "_", "marked", "OrAsked")[:1]
    if isinstance(node, ast.FunctionDef) and any(_is_said(it) for it in node.decorator_list):
        yield ast.get_docstring(node) or ""
    if isinstance(node, ast.Assign) and any(_named(it, "_TYPER_SAYS") for it in node.targets):
        yield from ast.literal_eval(node.value).values()


def _is_said(node: ast.expr) -> bool:
    """Tell whether a function's docstring is said: that of a command, and that of a rule."""
    return isinstance(node, ast.Call) and (_named(node.func, "command") or _named(node.func, "rule"))


def _named(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def catalogue() -> Catalog:
    """Return the catalogue as the code asks for it, with the translations there are."""
    with PO.open("rb") as file:
        there = read_po(file, locale="vi")
    fresh = Catalog(
        locale="vi",
        project="ucli",
        header_comment="# The Vietnamese messages of ucli.",
        version="0.1.0",
        msgid_bugs_address="",
        last_translator="the ucli authors",
        language_team="vi",
        fuzzy=False,
    )
    fresh.revision_date = fresh.creation_date = there.creation_date
    for message in dict.fromkeys(messages()):
        if message:
            known = there.get(message)
            fresh.add(message, known.string if known else "")
    return fresh


def as_bytes(fresh: Catalog) -> tuple[bytes, bytes]:
    po, mo = BytesIO(), BytesIO()
    write_po(po, fresh, width=110, omit_header=False)
    write_mo(mo, fresh)
    return po.getvalue(), mo.getvalue()


def main() -> int:
    fresh = catalogue()
    po, mo = as_bytes(fresh)
    missing = [message.id for message in fresh if message.id and not message.string]
    compiled = PO.with_suffix(".mo")
    if "--check" not in sys.argv:
        PO.write_bytes(po)
        compiled.write_bytes(mo)
    elif PO.read_bytes() != po or compiled.read_bytes() != mo:
        print("The catalogue is out of step: run python scripts/messages.py", file=sys.stderr)
        return 1
    for message in missing:
        print(f"no Vietnamese for: {message!r}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
