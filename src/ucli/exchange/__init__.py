"""Exchange between offices: bundles of sums upwards, the structure downwards, whole ledgers that become one.

package    a zip of tables with a manifest: the same content gives the same bytes, and is unpacked with care
signing    OpenSSH signatures
state      the names-free state of an office, as a bundle carries it
origins    the offices whose bundles are accepted
taking     a bundle becomes rows of the register `received`, and figures and awards of its origin
structure  units, codes, periods and targets for the office below
joining    another ledger of the same office, merged into this one
lake       the facts of many offices as files, and a report counted from them
engines    the engines that count a lake: DuckDB, Spark
"""
