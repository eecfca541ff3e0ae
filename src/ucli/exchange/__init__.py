"""What offices hand each other: bundles of sums upwards, the structure downwards, and whole ledgers that become one.

package    a zip of tables with its manifest: the same bytes for the same content, taken apart with care
signing    who made it: signatures of OpenSSH
state      the names-free state of an office, as a bundle carries it
origins    the offices whose bundles are taken
taking     a bundle becomes rows of the register `received`, and figures and awards of its origin
structure  units, codes, periods and targets for the office below
joining    another ledger of the same office, all of it
lake       the facts of many offices as files, and a report counted from them
engines    what counts those: DuckDB, Spark
"""
