"""What is typed and what is said back; the only place that knows Typer."""
