"""Taking in tables: each kind of row goes the way of the command that records one, all of them in one operation.

rows        what a row is, what came of it, and how rows are taken one by one
entrants    a row of a roster, and whether it is somebody who is there already
absences    who is in the ledger and not in the roster
namesakes   whom of the union a new member may be
closed      which rows fall into closed windows: wrong ones like others
doubts      what ID numbers do not agree with
members     many at once: the tables of members are the long ones
unions      foundings of grassroots unions
payouts     two equal ones on a day are two
statements  figures and targets; a value that differs from the one that stands replaces it
"""
