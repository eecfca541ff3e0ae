"""What ucli costs beside what a user would take instead: ledgers made by rule, the peers, the measuring, the page."""
