"""The tables that officers keep: the columns of each kind (`catalogue/columns.csv`), and words in headings."""

import csv
from importlib.resources import files
from typing import NamedTuple

from ucli.i18n import chosen
from ucli.values.names import fold


class Column(NamedTuple):
    """A column of a form."""

    name: str  # what the verbs call it
    # required; text: kept as text in a workbook, for leading zeros, and for days, which Excel may turn round;
    # percent: a cell shown as a percentage is read as one; money: its numbers are in the unit of money in the heading;
    # split: a person's name, which may stand in several columns; unoffered: not in a template.
    flags: frozenset[str]
    headings: tuple[str, ...]  # the first as we write it; found in any spelling and order
    takes_en: str  # what stands in it
    takes_vi: str
    example: str

    @property
    def heading(self) -> str:
        return self.headings[0]

    @property
    def takes(self) -> str:
        return self.takes_en if chosen() == "en" else self.takes_vi


Form = tuple[Column, ...]


def _forms() -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for row in csv.DictReader((files("ucli.catalogue") / "columns.csv").read_text(encoding="utf-8").splitlines()):
        flags, headings = frozenset(row["flags"].split()), tuple(row["headings"].split("|"))
        column = Column(row["name"], flags, headings, row["takes_en"], row["takes_vi"], row["example"])
        for kind in row["tables"].split():
            forms[kind] = (*forms.get(kind, ()), column)
    return forms


FORMS = _forms()

# In the table of rows that could not be taken: what is wrong with a row, and which line it was.
WRONG = "Sai ở đâu"
LINE = "Dòng trong tệp gốc"

# What says of each row in which unit its amounts are, as the forms of the trade union have it; folded, like all below.
UNIT_OF_ROW = ("don vi tinh", "dvt", "measure")

# What officers' tables have besides, and nobody reads unless told to.
PASSED_OVER = ("stt", "tt", "so thu tu", "no", "no.", "number", "ghi chu", "note", "notes", "ten don vi", "unit name",
               fold(WRONG), fold(LINE), *UNIT_OF_ROW)  # fmt: skip

# What ucli's own lists have besides, and a table to import has not.
NOT_TAKEN_IN = (
    *("so", "so doan vien", "members", "dien", "by", "ngay thoi sinh hoat", "left on", "ly do", "why"),
    *("tu so", "part", "mau so", "whole", "uoc luong", "hedge", "loai chi tieu", "kind of target", "den muc", "up to"),
    *("chi tieu (%)", "target %", "thao tac giao", "set by operation", "thao tac thay", "replaced by operation"),
)

# Beside these a column “Tên” is no whole name, but the last part of one.
PARTS_OF_A_NAME = (
    *("ho", "ho dem", "ho lot", "ho va dem", "ho, dem", "ho va ten dem", "ho va chu dem", "ho va chu lot"),
    *("dem", "ten dem", "chu dem", "ten lot", "chu lot"),
)
LAST_PART = "ten"

# Above several headings these say nothing of them that they do not say themselves.
SAY_NOTHING = (
    *("ho va ten", "ho ten", "ho va ten doan vien", "ho ten doan vien", "doan vien", "thong tin", "thong tin ca nhan"),
    *("thong tin doan vien", "nhan than", "so tien", "kinh phi", "gia tri", "tri gia", "muc chi", "so tien chi"),
    *("ngay thang nam", "ngay, thang, nam", "ngay", "full name", "personal data", "amount", "date"),
)

# What is counted, as forms write it under their headings.
MEASURES = (
    *("dvt", "don vi", "don vi tinh", "nguoi", "luot", "luot nguoi", "suat", "phan", "can", "nha", "tin", "bai"),
    *("tin, bai", "cuoc", "buoi", "lop", "vu", "ho", "cdcs", "doan vien", "lao dong", "doanh nghiep", "sang kien"),
    *("don vi mau", "%", "ty le", "ty le %", "ty le (%)", "ngay/thang/nam", "ngay, thang, nam", "ngay thang nam"),
)
