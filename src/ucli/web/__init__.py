"""The ledger in a browser: pages that only look, served on this machine to those who have the address with its token.

`server` listens, `guard` lets in, `app` answers from the cache or the ledger, `pages` asks what commands ask and
`tables` lays it out; templates write it. No page needs a script, and none shows a person.
"""
