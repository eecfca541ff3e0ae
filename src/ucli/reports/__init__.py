"""Reports: they only read, and answer with typed rows.

How a figure gets from the command line to its printed cell:

    cli.report          what was typed becomes a `Request`, still in words
    reports.request     a `Request` becomes a `Question`: which indicators, over which window, by which organisation
    reports.report      a `Group` for each table: whose facts count, and on which days
    reports.scope       the units of all groups; units that belong to the same groups form a cell, counted once
    reports.registers   the sums of the registers' rows, cell by cell
    reports.figures     the figures that units stated, added up where they lie side by side
    reports.nesting     where they may not: which of them count, which lie inside those, which are left out
    reports.counting    `count` adds up both for all groups and indicators: a `Counter` for each group
    reports.attainment  a `Row` compares what was counted with its target; a `Table` has the rows of a group
    render.attainment   a `Sheet`: the rows of all tables and notes, for people and for machines
    render.columns      which columns a table has, and the cells of a row
    render.as_text …    a module for each format; `tables` lays columns out, `cells` formats values
    cli.output          writes it: to the screen, or to a file

On the way `structure` finds the units of a day, `stocks` counts what there is on a day from statements and registers,
`targets` reads targets, `completeness` finds who has reported and who has not, `timeliness` when. `comparison` adds the
same of another period, `breakdown` splits by what the registers know.

`ranking`, `scoring`, `allocation`, `movement`, `explain` and `checks` are other answers from the same counts.
`listings`, `history`, `rows` and `closings` read the registers as they stand, or stood; `suggestions` and
`template_rows` what can be typed or filled in, `letterhead` who hands a document in.
"""
