"""What happens to a ledger when processes die, disks fill and bytes turn over; `make faults` runs the long form."""
