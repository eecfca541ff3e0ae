"""The parts of an .xlsx, found by the links of its workbook, in any case and with either slash."""

import zipfile
from contextlib import suppress
from posixpath import normpath
from xml.etree.ElementTree import Element, ParseError, fromstring

_MOST_BYTES = 50_000_000  # of each of the parts that say how cells are shown


def part_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that a sheet is kept in."""
    links = links_of(packed)
    for it in parsed(packed, "xl/workbook.xml").iter():
        if tag_of(it) == "sheet" and it.get("name") == sheet:
            link = next(value for name, value in it.items() if name.endswith("}id"))
            return found_part(packed, links[link])
    raise KeyError(sheet)


def links_of(packed: zipfile.ZipFile) -> dict[str, str]:
    """Return the parts that a workbook links to, by the names of the links."""
    with suppress(KeyError, ParseError):
        links = parsed(packed, "xl/_rels/workbook.xml.rels")
        targets = {it.get("Id", ""): it.get("Target", "").replace("\\", "/") for it in links}
        return {link: normpath(it if it.startswith("/") else f"/xl/{it}")[1:] for link, it in targets.items()}
    return {}


def plain(part: str) -> str:
    """Return the name of a part as they are compared: programs write them in any case, and with either slash."""
    return part.replace("\\", "/").lower()


def found_part(packed: zipfile.ZipFile, part: str) -> str:
    return next((it for it in packed.namelist() if plain(it) == part.lower()), part)


def parsed(packed: zipfile.ZipFile, part: str) -> Element:
    found = found_part(packed, part)
    if packed.getinfo(found).file_size > _MOST_BYTES:
        raise KeyError(part)
    return fromstring(packed.read(found))  # noqa: S314  expat lets no entity grow


def tag_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]
