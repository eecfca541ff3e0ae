"""Questions: they only select, and answer with typed rows.

How a figure reaches a cell, in this order:

    scope         which unit belongs to which group, on which days; structure: units under the names of a day
    figures       what units state: what counts, what lies inside that, what is left out
    registers     what the registers count, and hold on a day
    stocks        what there is on a day, of both
    counting      the one function that counts, for all groups and indicators of a table, from those four
    targets       what is to be reached; completeness: who is waited for and has reported
    attainment    the rows of a table, and tables
    report        the table that was asked for, its groups, and the parts of units that merged

`ranking`, `movement`, `explain` and `checks` are other answers from the same counts. `listings`, `history`, `rows` and
`closings` read the registers as they stand, or stood; `suggestions` and `template_rows` what can be typed or filled in.
"""
