"""The ledger of a trade-union federation: foundings, members, welfare, figures, targets and their attainment."""
