"""Tables of other programs: what officers keep in Excel, read row by row."""
