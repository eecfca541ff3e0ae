"""Values: numbers, names, days, periods, quantities, targets, as typed and as kept; no input or output, no SQL."""
