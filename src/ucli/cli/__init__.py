"""What is typed and what is said back; the only place that knows Typer.

The walk of a command that writes, `add-figure` say:

    cli.run              streams, language; whatever goes wrong becomes a sentence and an exit code
    cli.app              commands.tsv says where the command is, options.tsv what is typed for it and who reads that
    cli.values           reads a word: a day, a name, a number
    cli.targets          the command: passes what was typed to a verb
    cli.session          `writing` opens the ledger and one operation, and says in a line what it did
    ledger.units, ledger.catalogue, ledger.periods    look up what was named
    ledger.figures       the verb `state`: takes rows, of a command as of a table, and writes them
    ledger.operations    `Operation` writes rows and ends those that they replace
    ledger.rules         hold what was written against the rules
    ledger.recording, ledger.chain    seal the operation, and commit it

All others walk the same way. `ucli.reports` has the walk of a report, from the command line to the printed cell.
"""
