"""Schema 5: who left is found by the day."""

SCRIPT = """
CREATE INDEX membership_left ON membership (union_unit, "left") WHERE "left" IS NOT NULL
"""
