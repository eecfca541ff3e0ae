"""Places where a ledger, or a copy of it, is in danger: folders that are copied elsewhere, network drives."""

from pathlib import Path

from ucli.cli.session import warn
from ucli.i18n import _
from ucli.ledger.environment import network_file_system, synced_by


def dangers_of(path: Path) -> list[tuple[str, str]]:
    """Return what endangers a ledger where it lies: a code and a sentence each."""
    found = []
    if program := synced_by(path):
        found.append(
            (
                "synced",
                _(
                    "The ledger lies in a folder of {program}, which copies it elsewhere and can spoil it; move it."
                ).format(program=program),
            )
        )
    if kind := network_file_system(path):
        found.append(
            (
                "network",
                _("The ledger lies on a network drive ({kind}), where SQLite cannot keep it safe; move it.").format(
                    kind=kind
                ),
            )
        )
    return found


def warn_of_place(path: Path) -> None:
    """Say what endangers a ledger that was made there just now."""
    for _code, text in dangers_of(path):
        warn(text)


def warn_of_copy(path: Path) -> None:
    """Say who else may come to read a backup that was made there just now; no one writes to it any more."""
    if program := synced_by(path):
        text = _("The backup lies in a folder of {program}, which copies it elsewhere, personal data included.")
        warn(text.format(program=program))
    elif kind := network_file_system(path):
        text = _("The backup lies on a network drive ({kind}); see to it that no one else can read it there.")
        warn(text.format(kind=kind))
