"""What things are and which rules hold; no input or output, no SQL."""
