"""The Vietnamese catalogue of messages."""
