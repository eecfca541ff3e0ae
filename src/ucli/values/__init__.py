"""What is typed and kept, as values: numbers, names, days, periods, quantities, targets; no input or output, no SQL."""
