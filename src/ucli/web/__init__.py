"""The ledger in a browser: read-only pages, served on this machine to those who have the address with its token.

`server` listens, `guard` admits, `app` answers from its cache or the ledger, `pages` asks what commands ask, `tables`
lays it out and templates write it. No page needs a script, and none shows personal data.
"""
