"""What the registers and the figures add up to: the sums that reports read instead of walking the registers.

Tallies are kept for every unit that has, or ever had, another one below it. The others, the leaves of the tree, are
few rows each and read from the registers themselves. A fact belongs to all who stood above its unit on its own day;
so a tally of a unit and a day never changes because the organisation does later.

    series    what of the registers adds up, under which name, on which day and for whom
    nets      what the figures of a leaf add to its records, and to each other
    lines     who stood above whom, of the units whose tallies are kept
    shifts    by how much the tallies moved since an operation: what a write adds, and a look into the past takes off
"""
