"""The language and its notation, nothing of the trade."""
