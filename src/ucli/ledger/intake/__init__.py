"""Taking in tables: each kind of row goes the way of the command that records one, all of them in one operation.

rows        what a row is, what came of it, and how rows are taken one by one
members     many at once: the tables of members are the long ones
unions      foundings of grassroots unions
payouts     two equal ones on a day are two
statements  figures and targets; a value that differs from the one that stands replaces it
"""
