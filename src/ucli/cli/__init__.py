"""The command line: what is typed and what is answered; the only layer that knows Typer.

How a writing command runs, `add-figure` for instance:

    cli.run              streams, language; every error becomes a sentence and an exit code
    cli.app              builds the command: commands.tsv says where it is, its parameters what is typed for it
    cli.parameters       options.tsv says how that is typed, and which reader of cli.values reads it: day, name, number
    cli.figures          the command: passes what was typed to a verb
    cli.opening          `writing` opens the ledger and one operation, and says in a line what it did
    ledger.units, ledger.catalogue, ledger.periods    look up what was named
    ledger.figures       the verb `state`: takes rows, of a command as of a table, and writes them
    ledger.operations    `Operation` writes rows and ends those that they replace
    ledger.rules         hold what was written against the rules
    ledger.recording, ledger.chain    seal the operation, and commit it

All others run the same way. `ucli.reports` follows a report from the command line to the printed cell.
"""
