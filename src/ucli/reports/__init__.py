"""Questions: they only select, and answer with typed rows.

The walk of a figure, from the command line to its printed cell:

    cli.report          what was typed becomes a `Request`, in the words of who typed it
    reports.request     of a request a `Question`: which indicators, over which window, by whose structure
    reports.report      of a question a `Group` for each table: whose facts count, and on which days
    reports.scope       the units of all groups; those that belong to the same groups are one cell, counted once
    reports.registers   what the registers' rows come to, cell by cell
    reports.figures     what units state: what counts, what lies inside that, what is left out
    reports.counting    `count` adds both up for all groups and indicators: a `Counter` for each group
    reports.attainment  a `Row` holds what was counted against its target; a `Table` has the rows of a group
    render.attainment   a `Sheet`: the rows of all tables, notes, what people and what machines read
    render.columns      which columns a table has, and the cells of a row
    render.as_text …    one module a format; `tables` lays columns out, `cells` says how a value is read
    cli.output          writes it: to the screen, or to a file

On the way `structure` names the units of a day, `stocks` says what there is on a day, of what was stated and what the
registers hold, `targets` what is to be reached, `completeness` who is waited for and has reported, `timeliness` when
that came in. `comparison` puts the same of another period beside it, `breakdown` parts it by what the registers say.

`ranking`, `scoring`, `allocation`, `movement`, `explain` and `checks` are other answers from the same counts.
`listings`, `history`, `rows` and `closings` read the registers as they stand, or stood; `suggestions` and
`template_rows` what can be typed or filled in, `letterhead` who hands a document in.
"""
