"""The commands: in which module each lives, under which heading the help shows it, and what it says there.

The help of ucli itself is printed from this table, and a call loads the one module it names: loading them all
takes as long as everything else together. A test holds the sentences against what the commands say of themselves.
"""

from typing import NamedTuple

from ucli.i18n import marked


class Entry(NamedTuple):
    module: str
    panel: str
    says: str


RECORD, ORGANISATION, TARGETS = marked("Record"), marked("Organisation"), marked("Targets")
REPORTS, DATA, SAFETY = marked("Reports"), marked("Data"), marked("Safety")
PANELS = (RECORD, ORGANISATION, TARGETS, REPORTS, DATA, SAFETY)

COMMANDS = {
    "init": Entry("units", ORGANISATION, marked("Create a ledger for an office.")),
    "add-unit": Entry("units", ORGANISATION, marked("Add a unit above the grassroots.")),
    "add-union": Entry("units", RECORD, marked("Record the founding of a grassroots union.")),
    "void-unit": Entry("units", ORGANISATION, marked("Void a unit, union or cluster that was recorded by mistake.")),
    "units": Entry("organisation", ORGANISATION, marked("List the units as they stood on a day.")),
    "show": Entry(
        "organisation", ORGANISATION, marked("Show the life of a unit: its names, parents, events and decisions.")
    ),
    "rename-unit": Entry(
        "changes",
        ORGANISATION,
        marked("Give a unit another name, kind or code from a day on; before, it keeps the old one."),
    ),
    "move-unit": Entry(
        "changes", ORGANISATION, marked("Put a unit, and all below it, under another one from a day on.")
    ),
    "merge-unit": Entry(
        "changes",
        ORGANISATION,
        marked("Merge units into one that lives on: those below and the members go over, the past stays where it was."),
    ),
    "split-unit": Entry("changes", ORGANISATION, marked("Split a unit into others from a day on.")),
    "end-unit": Entry(
        "changes",
        ORGANISATION,
        marked("Close a unit as of a date; those below it come under its successor."),
    ),
    "end-union": Entry(
        "changes",
        RECORD,
        marked("Record the end of a grassroots union; its members leave with it, and none of them counts as resigned."),
    ),
    "adopt-2025": Entry(
        "provinces",
        ORGANISATION,
        marked("Merge the provinces of the ledger as the country did on 1 July 2025, in one operation."),
    ),
    "add-wards": Entry(
        "provinces",
        ORGANISATION,
        marked(
            "Add the unions of all wards, communes and special zones of a province of today, with their official codes."
        ),
    ),
    "add-member": Entry("members", RECORD, marked("Admit a member to a grassroots union.")),
    "void-member": Entry("members", RECORD, marked("Void an admission that was recorded by mistake.")),
    "members": Entry(
        "lists",
        RECORD,
        marked("List the members of a day, or those who left in a period; ID numbers show their last digits only."),
    ),
    "end-membership": Entry("departures", RECORD, marked("Record that a member left, and why.")),
    "transfer-member": Entry(
        "departures",
        RECORD,
        marked("Record that a member went over to another union: neither lost nor newly admitted."),
    ),
    "readmit-member": Entry("departures", RECORD, marked("Admit a former member again, as the same person.")),
    "add-payout": Entry("payouts", RECORD, marked("Record a welfare payout.")),
    "void-payout": Entry("payouts", RECORD, marked("Void a payout that was recorded by mistake.")),
    "payouts": Entry("lists", RECORD, marked("List the payouts, in the order of their days.")),
    "add-figure": Entry(
        "figures", RECORD, marked("Record a total that a unit states: everything at or below it within the period.")
    ),
    "void-figure": Entry("figures", RECORD, marked("Void a figure, to record it anew.")),
    "figures": Entry("lists", RECORD, marked("List the figures whose period touches the one asked for.")),
    "add-period": Entry(
        "periods",
        ORGANISATION,
        marked("Add a period of your own: a campaign, a phase; with --term, a term of one unit."),
    ),
    "void-period": Entry(
        "periods",
        ORGANISATION,
        marked("Void a period, or with --unit that unit's term; what was recorded for it keeps its days."),
    ),
    "periods": Entry("periods", ORGANISATION, marked("List the periods of your own, and those that are closed.")),
    "set-cluster": Entry(
        "clusters",
        ORGANISATION,
        marked("Say which units make up a cluster in a year; next year's list can begin with this year's."),
    ),
    "clusters": Entry("clusters", ORGANISATION, marked("List the clusters, year by year.")),
    "add-indicator": Entry("catalogue", DATA, marked("Add an indicator of your own, stated by figures.")),
    "indicators": Entry("catalogue", DATA, marked("List the indicators: those shipped and your own.")),
    "add-programme": Entry("catalogue", DATA, marked("Add a welfare programme of your own.")),
    "programmes": Entry("catalogue", DATA, marked("List the welfare programmes: those shipped and your own.")),
    "set-target": Entry("targets", TARGETS, marked("Set a target, or revise the one that stands.")),
    "void-target": Entry("targets", TARGETS, marked("Void a target that was set by mistake.")),
    "targets": Entry("lists", TARGETS, marked("List the targets whose period touches the one asked for.")),
    "report": Entry("reports", REPORTS, marked("Print what was reached against the targets.")),
    "rank": Entry("rank", REPORTS, marked("Rank units by attainment.")),
    "movement": Entry(
        "reports",
        REPORTS,
        marked("Show how members and unions came to be as many as they are: opening, in, out, closing."),
    ),
    "explain": Entry(
        "reports",
        REPORTS,
        marked("Show where a cell comes from: what adds up to it, what was covered or left out, and why."),
    ),
    "import": Entry(
        "imports",
        DATA,
        marked("Import a table: all rows or none; what is in the ledger already stays as it is."),
    ),
    "apply": Entry(
        "imports", DATA, marked("Carry out the plan of an import, unless something was written since it was made.")
    ),
    "template": Entry(
        "templates", DATA, marked("Write a blank table to be filled in, with what may be chosen in each column.")
    ),
    "batch": Entry(
        "batch", DATA, marked("Run one command a line, quoted as at a shell; each is an operation of its own.")
    ),
    "query": Entry(
        "query", DATA, marked("Ask the ledger in SQL, read-only: its views have names and no personal data.")
    ),
    "close-period": Entry(
        "closings",
        SAFETY,
        marked("Close a period: what is handed in is kept as it is, and nothing more is recorded into it."),
    ),
    "reopen-period": Entry("closings", SAFETY, marked("Let a closed period take records again.")),
    "diff": Entry(
        "closings", SAFETY, marked("List what changed in a closed period since it was handed in, row by row.")
    ),
    "check": Entry(
        "checks",
        SAFETY,
        marked("Check the ledger for errors and warnings; exit code 4 where something is found."),
    ),
    "accept-finding": Entry(
        "checks", SAFETY, marked("Accept a finding of “ucli check” that is as it should be, with the reason.")
    ),
    "assert-total": Entry(
        "totals",
        SAFETY,
        marked("Sign off a total: “ucli check” fails loudly once something else is counted, and names who changed it."),
    ),
    "backup": Entry(
        "backups", SAFETY, marked("Copy the ledger, while others write, into a file that was checked whole.")
    ),
    "restore": Entry(
        "backups", SAFETY, marked("Put a backup in the place of the ledger; what stood there is backed up first.")
    ),
    "backups": Entry("backups", SAFETY, marked("List the backups beside the ledger, the latest first.")),
    "doctor": Entry(
        "doctor",
        SAFETY,
        marked("Show where the ledger is, its health and risks; warnings leave the exit code 0."),
    ),
    "erase-member": Entry(
        "persons",
        SAFETY,
        marked("Erase a person's data for good; what was counted stays, and undo does not bring it back."),
    ),
    "export-member": Entry(
        "persons", SAFETY, marked("Print all that the ledger holds on a person, the ID number in full; it is logged.")
    ),
    "retention": Entry(
        "persons",
        SAFETY,
        marked(
            "List whose data is due for deletion: who left so long ago, was last paid so long ago, or was recorded by"
            " mistake."
        ),
    ),
    "undo": Entry("history", SAFETY, marked("Undo a command, whole.")),
    "redo": Entry("history", SAFETY, marked("Bring back what was undone.")),
    "log": Entry(
        "history", SAFETY, marked("List what was done, the latest first; of one operation, every row before and after.")
    ),
}
