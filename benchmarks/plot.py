"""The picture of cost against size: one small SVG, both axes logarithmic."""

from pathlib import Path
from typing import Any

from benchmarks.peers import EACH, NATION
from benchmarks.rounds import BASELINE

_COLOURS = {"ucli": "#b3122a", "DuckDB": "#5b6b7b", "sqlite3": "#2f6f9f"}
_NAMES = {"ucli": "ucli", "DuckDB": "DuckDB, a file of its own", "sqlite3": "sqlite3, GROUP BY over a covering index"}
_TABLES = {NATION: "A year of the nation", EACH: "A year, province by province"}


def draw(growth: dict[str, Any], path: Path) -> None:
    """Draw what the reports cost at each size, in multiples of `python -c pass`."""
    import matplotlib as mpl  # noqa: PLC0415  the page itself is written without it

    mpl.use("svg")
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "ucli", "font.family": "sans-serif", "font.size": 9})
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(1, 2, figsize=(8.4, 3.4), sharey=True, layout="constrained")
    sizes = {key: facts for key, facts in growth["facts"].items() if facts}
    for axis, (table, title) in zip(axes, _TABLES.items(), strict=True):
        for who, colour in _COLOURS.items():
            found = [(facts, growth["runs"].get(f"{who}: {table}: {key}")) for key, facts in sizes.items()]
            points = [(facts, run["ratio"]) for facts, run in found if run]
            if points:
                axis.loglog(*zip(*points, strict=True), marker="o", markersize=4, color=colour, label=_NAMES[who])
        axis.set_title(title, fontsize=10)
        axis.set_xlabel("facts in the ledger")
        axis.grid(visible=True, which="major", color="#dddddd", linewidth=0.6)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel(f"cost, in multiples of {BASELINE}")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
