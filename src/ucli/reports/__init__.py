"""Questions: they only select, and answer with typed rows."""
