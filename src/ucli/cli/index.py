"""The commands by panel of the help and by the module in which each lives, with the sentence that help says of it.

The help of ucli itself is printed from this table, and a call loads the one module it names: loading them all
takes as long as everything else together.
"""

from typing import NamedTuple

from ucli.i18n import marked


class Entry(NamedTuple):
    panel: str
    module: str
    says: str


_TABLE = {
    marked("Record"): {
        "units": {
            "add-union": marked("Record the founding of a grassroots union."),
        },
        "changes": {
            "end-union": marked(
                "Record the end of a grassroots union; its members leave with it, and none of them counts as resigned."
            ),
        },
        "members": {
            "add-member": marked("Admit a member to a grassroots union."),
            "void-member": marked("Void an admission that was recorded by mistake."),
        },
        "lists": {
            "members": marked(
                "List the members of a day, or those who left in a period; ID numbers show their last digits only."
            ),
            "payouts": marked("List the payouts, in the order of their days."),
            "figures": marked("List the figures whose period touches the one asked for."),
        },
        "departures": {
            "end-membership": marked("Record that a member left, and why."),
            "transfer-member": marked(
                "Record that a member went over to another union: neither lost nor newly admitted."
            ),
            "readmit-member": marked("Admit a former member again, as the same person."),
        },
        "payouts": {
            "add-payout": marked("Record a welfare payout."),
            "void-payout": marked("Void a payout that was recorded by mistake."),
        },
        "figures": {
            "add-figure": marked("Record a total that a unit states: everything at or below it within the period."),
            "void-figure": marked("Void a figure, to record it anew."),
        },
    },
    marked("Organisation"): {
        "units": {
            "init": marked("Create a ledger for an office."),
            "add-unit": marked("Add a unit above the grassroots."),
            "void-unit": marked("Void a unit, union or cluster that was recorded by mistake."),
        },
        "organisation": {
            "units": marked("List the units as they stood on a day."),
            "show": marked("Show the life of a unit: its names, parents, events and decisions."),
        },
        "changes": {
            "rename-unit": marked(
                "Give a unit another name, kind or code from a day on; before, it keeps the old one."
            ),
            "move-unit": marked("Put a unit, and all below it, under another one from a day on."),
            "merge-unit": marked(
                "Merge units into one that lives on: those below and the members go over, the past stays where it was."
            ),
            "split-unit": marked("Split a unit into others from a day on."),
            "end-unit": marked("Close a unit as of a date; those below it come under its successor."),
        },
        "provinces": {
            "adopt-2025": marked(
                "Merge the provinces of the ledger as the country did on 1 July 2025, in one operation."
            ),
            "add-wards": marked(
                "Add the unions of all wards, communes and special zones of a province of today, with their"
                " official codes."
            ),
        },
        "periods": {
            "add-period": marked("Add a period of your own: a campaign, a phase; with --term, a term of one unit."),
            "void-period": marked(
                "Void a period, or with --unit that unit's term; what was recorded for it keeps its days."
            ),
            "periods": marked("List the periods of your own, and those that are closed."),
        },
        "clusters": {
            "set-cluster": marked(
                "Say which units make up a cluster in a year; next year's list can begin with this year's."
            ),
            "clusters": marked("List the clusters, year by year."),
        },
    },
    marked("Targets"): {
        "targets": {
            "set-target": marked("Set a target, or revise the one that stands."),
            "void-target": marked("Void a target that was set by mistake."),
        },
        "lists": {
            "targets": marked("List the targets whose period touches the one asked for."),
        },
    },
    marked("Reports"): {
        "report": {
            "report": marked("Print what was reached against the targets."),
            "rank": marked("Rank units by attainment."),
            "movement": marked(
                "Show how members and unions came to be as many as they are: opening, in, out, closing."
            ),
            "explain": marked(
                "Show where a cell comes from: what adds up to it, what was covered or left out, and why."
            ),
        },
    },
    marked("Data"): {
        "catalogue": {
            "add-indicator": marked("Add an indicator of your own, stated by figures."),
            "indicators": marked("List the indicators: those shipped and your own."),
            "add-programme": marked("Add a welfare programme of your own."),
            "programmes": marked("List the welfare programmes: those shipped and your own."),
        },
        "imports": {
            "import": marked("Import a table: all rows or none; what is in the ledger already stays as it is."),
            "apply": marked("Carry out the plan of an import, unless something was written since it was made."),
        },
        "templates": {
            "template": marked("Write a blank table to be filled in, with what may be chosen in each column."),
        },
        "batch": {
            "batch": marked("Run one command a line, quoted as at a shell; each is an operation of its own."),
        },
        "query": {
            "query": marked("Ask the ledger in SQL, read-only: its views have names and no personal data."),
        },
    },
    marked("Safety"): {
        "closings": {
            "close-period": marked(
                "Close a period: what is handed in is kept as it is, and nothing more is recorded into it."
            ),
            "reopen-period": marked("Let a closed period take records again."),
            "diff": marked("List what changed in a closed period since it was handed in, row by row."),
        },
        "checks": {
            "check": marked("Check the ledger for errors and warnings; exit code 4 where something is found."),
            "accept-finding": marked("Accept a finding of “ucli check” that is as it should be, with the reason."),
        },
        "totals": {
            "assert-total": marked(
                "Sign off a total: “ucli check” fails loudly once something else is counted, and names who changed it."
            ),
        },
        "safety": {
            "backup": marked("Copy the ledger, while others write, into a file that was checked whole."),
            "restore": marked("Put a backup in the place of the ledger; what stood there is backed up first."),
            "backups": marked("List the backups beside the ledger, the latest first."),
            "doctor": marked("Show where the ledger is, its health and risks; warnings leave the exit code 0."),
        },
        "persons": {
            "erase-member": marked(
                "Erase a person's data for good; what was counted stays, and undo does not bring it back."
            ),
            "export-member": marked(
                "Print all that the ledger holds on a person, the ID number in full; it is logged."
            ),
            "retention": marked(
                "List whose data is due for deletion: who left so long ago, was last paid so long ago, or was"
                " recorded by mistake."
            ),
        },
        "history": {
            "undo": marked("Undo a command, whole."),
            "redo": marked("Bring back what was undone."),
            "log": marked("List what was done, the latest first; of one operation, every row before and after."),
        },
    },
}
PANELS = tuple(_TABLE)
COMMANDS = {
    name: Entry(panel, module, says)
    for panel, modules in _TABLE.items()
    for module, entries in modules.items()
    for name, says in entries.items()
}
