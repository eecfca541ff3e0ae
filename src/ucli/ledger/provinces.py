"""The provinces of the country, before and since 1 July 2025: names, official codes, who came from whom.

The codes before are those of the General Statistics Office's list, those since of 19/2025/QĐ-TTg; the mergers
are those of 202/2025/QH15. Neither a name nor a code is stable: 15 was Yên Bái's and is Lào Cai's.
"""

from functools import cache
from typing import NamedTuple

from ucli.values.names import fold, slug
from ucli.values.periods import FOREVER

MERGED_ON = "2025-07-01"
RESOLUTION = "202/2025/QH15"


class Province(NamedTuple):
    name: str
    aliases: tuple[str, ...]
    code_before: str
    code_since: str | None  # None: the province ended
    merged_into: str | None
    title: str  # tỉnh, thành phố


@cache
def provinces() -> tuple[Province, ...]:
    """Return the 63 provinces of before, 34 of which go on."""
    # Imported here: most commands do without, and both are slow.
    import csv  # noqa: PLC0415
    from importlib.resources import files  # noqa: PLC0415

    text = (files("ucli.catalogue") / "provinces.csv").read_text(encoding="utf-8")
    return tuple(
        Province(
            row["name"],
            tuple(filter(None, row["aliases"].split("|"))),
            row["code_before"],
            row["code_since"] or None,
            row["merged_into"] or None,
            row["title"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def birth_codes() -> frozenset[str]:
    """Return what an ID number of 12 digits begins with, by the province where the birth was registered."""
    return frozenset(f"0{it.code_before}" for it in provinces())


def province_named(name: str) -> Province | None:
    """Return the province of a name, with or without titles and tone marks: "LĐLĐ tỉnh Thái Bình"."""
    meant = slug(name)
    return next((it for it in provinces() if meant in map(slug, (it.name, *it.aliases))), None)


def named_alike(name: str, province: Province, other: str) -> str:
    """Return the name of another province's unit, like this one's: "LĐLĐ tỉnh Hà Giang", "LĐLĐ tỉnh Tuyên Quang"."""
    if not fold(name).endswith(fold(province.name)):
        return other
    prefix = name[: len(name) - len(province.name)]
    title = next(it.title for it in provinces() if it.name == other)
    return f"{prefix.replace(province.title, title)}{other}"


def dated_codes(province: Province, first: str) -> list[tuple[str | None, str, str]]:
    """Return the codes a province has from a day on, each with its days.

    A province that ended keeps its code, unless the code passed to another one: None stands for those days.
    """
    since = province.code_since
    if since is None:
        passed_on = any(it.code_since == province.code_before for it in provinces())
        since = None if passed_on else province.code_before
    if first >= MERGED_ON:
        return [(since, first, FOREVER)]
    if since == province.code_before:
        return [(since, first, FOREVER)]
    return [(province.code_before, first, MERGED_ON), (since, MERGED_ON, FOREVER)]
