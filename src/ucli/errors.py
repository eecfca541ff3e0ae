"""What can go wrong for a user, each kind with its exit code; only `cli` prints them.

UcliError
├── UsageError      2  the command line itself
├── NotFoundError   3  a name that no unit, or several, have
├── RejectedError   4  a value that cannot be taken
├── RefusedError    5  the state of the ledger forbids it
├── ConditionError  6  printed, but a condition asked for failed
└── LedgerError     7  the file is missing, busy, damaged, foreign or newer
"""


class UcliError(Exception):
    """One sentence on what is wrong, one on why, one on what to do instead.

    None of the three may hold personal data: they end up in terminals, logs and mails.
    """

    exit_code = 1

    def __init__(self, what: str, *, why: str | None = None, instead: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.instead = instead

    def lines(self) -> list[str]:
        return [line for line in (self.what, self.why, self.instead) if line]


class UsageError(UcliError):
    exit_code = 2


class NotFoundError(UcliError):
    exit_code = 3


class SeveralError(NotFoundError):
    """A name that several units have."""


class RejectedError(UcliError):
    exit_code = 4


class RefusedError(UcliError):
    exit_code = 5


class ConditionError(UcliError):
    exit_code = 6


class LedgerError(UcliError):
    exit_code = 7
