"""What the columns of each kind of table are: how officers head them, what stands in them."""

from typing import NamedTuple

from ucli.i18n import marked
from ucli.values.names import fold


class Column(NamedTuple):
    """A column of a form."""

    name: str
    headings: tuple[str, ...]  # the first as we write it; found in any spelling and order
    takes: str  # what stands in it, for the template's explanation
    example: str
    required: bool = False
    is_text: bool = False  # kept as text in a workbook, for leading zeros and for days, which Excel may turn round
    may_be_percent: bool = False  # where a cell that is shown as a percentage is read as one
    may_be_money: bool = False  # where the unit of money in the heading is that of the numbers
    may_be_split: bool = False  # where a person's name may stand in several columns
    is_offered: bool = True  # stands in the table to be filled in


Form = tuple[Column, ...]

_DECISION = Column(
    "decision",
    ("Số quyết định", "Quyết định", "Số QĐ", "Decision"),
    marked("The number of the decision."),
    "12/QĐ-LĐLĐ",
)
_UNIT = Column(
    "unit",
    ("Mã đơn vị", "Đơn vị", "Unit", "Unit code", "CĐCS", "Tên CĐCS"),
    marked("A unit: its code, name or part of the name."),
    "HH",
    required=True,
    is_text=True,
)
_PERIOD = Column(
    "period",
    ("Kỳ", "Kỳ báo cáo", "Period"),
    marked("2024, 2024-H1, 2024-Q3, 2024-06, 2024u …"),
    "2024",
    required=True,
    is_text=True,
)
_INDICATOR = Column(
    "indicator",
    ("Chỉ tiêu", "Mã chỉ tiêu", "Nội dung", "Indicator"),
    marked("An indicator: its code, alias or name."),
    "news-items",
    required=True,
)

FORMS: dict[str, Form] = {
    "members": (
        Column(
            "name",
            ("Họ và tên", "Họ tên", "Tên đoàn viên", "Tên", "Name", "Full name"),
            marked("The member's full name."),
            "Trần Thị Mẫu",
            required=True,
            may_be_split=True,
        ),
        Column(
            "union",
            ("Công đoàn cơ sở", "CĐCS", "Mã CĐCS", "Tên CĐCS", "Union", "Grassroots union"),
            marked("A grassroots union: its code or name."),
            "MAY",
            required=True,
            is_text=True,
        ),
        Column(
            "admitted",
            (
                "Ngày kết nạp",
                "Ngày tháng năm kết nạp",
                "Ngày, tháng, năm kết nạp",
                "Ngày vào công đoàn",
                "Ngày tháng năm vào công đoàn",
                "Ngày gia nhập",
                "Admitted",
                "Date admitted",
                "Admission date",
            ),
            marked("A day: 30/6/2024, 30.6.2024 or an Excel date."),
            "20/4/2024",
            required=True,
            is_text=True,
        ),
        Column(
            "born",
            ("Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Born", "Birth date", "Date of birth"),
            marked("A day: 30/6/2024, 30.6.2024 or an Excel date."),
            "02/09/1990",
            is_text=True,
        ),
        Column("sex", ("Giới tính", "Giới", "Nam/Nữ", "Nam, nữ", "Sex"), marked("Nam or nữ."), "nữ"),
        Column(
            "card",
            ("Số thẻ", "Số thẻ đoàn viên", "Card", "Card number"),
            marked("The number of the member's card, as text."),
            "0001234",
            is_text=True,
        ),
        Column(
            "id_number",
            ("Số CCCD", "CCCD", "CCCD/CMND", "Số CMND/CCCD", "Số định danh cá nhân", "Mã định danh", "ID number"),
            marked("12 digits, or 9 on the old card, as text."),
            "034190000000",
            is_text=True,
        ),
        _DECISION,
        # Of lists kept elsewhere: anyone who has left is told, and not admitted as if there still.
        Column(
            "left",
            (
                "Ngày thôi sinh hoạt",
                "Ngày thôi là đoàn viên",
                "Ngày ra khỏi công đoàn",
                "Ngày thôi việc",
                "Ngày nghỉ việc",
                "Ngày nghỉ hưu",
                "Ngày chuyển đi",
                "Thôi sinh hoạt từ ngày",
                "Left on",
                "Date left",
            ),
            marked("Empty: who has left is no member."),
            "",
            is_text=True,
            is_offered=False,
        ),
    ),
    "unions": (
        Column(
            "name",
            ("Tên công đoàn cơ sở", "Tên CĐCS", "CĐCS", "Tên", "Name"),
            marked("The union's full name."),
            "CĐCS Công ty May Ví Dụ",
            required=True,
        ),
        Column(
            "parent",
            ("Công đoàn cấp trên", "Cấp trên", "Đơn vị cấp trên", "Parent"),
            marked("The unit it is directly under: its code or name."),
            "HH",
            required=True,
            is_text=True,
        ),
        Column(
            "founded",
            ("Ngày thành lập", "Founded"),
            marked("A day: 30/6/2024, 30.6.2024 or an Excel date."),
            "15/3/2024",
            required=True,
            is_text=True,
        ),
        Column("code", ("Mã", "Mã CĐCS", "Code"), marked("A short code of your own."), "", is_text=True),
        Column("sector", ("Khu vực", "Loại hình", "Sector"), marked("Nhà nước, sự nghiệp, ngoài nhà nước or FDI."), ""),
        Column("members", ("Số đoàn viên", "Members"), marked("Founding members, recognised without names."), "25"),
        _DECISION,
    ),
    "payouts": (
        _UNIT,
        Column(
            "programme",
            ("Chương trình", "Programme"),
            marked("A welfare programme: its code or name."),
            "tet",
            required=True,
        ),
        Column(
            "day",
            ("Ngày chi", "Ngày", "Ngày trao", "Day", "Date"),
            marked("A day: 30/6/2024, 30.6.2024 or an Excel date."),
            "20/1/2024",
            required=True,
            is_text=True,
        ),
        Column(
            "amount",
            ("Tiền mặt", "Số tiền", "Amount", "Cash"),
            marked("Paid in cash: 900 triệu, 96,4 tỷ, 1.200.000."),
            "20 triệu",
            may_be_money=True,
        ),
        Column(
            "in_kind",
            ("Hiện vật", "In kind"),
            marked("The worth of what was given in kind."),
            "",
            may_be_money=True,
        ),
        Column(
            "recipients",
            ("Số người", "Số suất", "Số người nhận", "Recipients"),
            marked("How many received it; one when left out."),
            "40",
        ),
        Column("form", ("Hình thức", "Form"), marked("Of a house: xây mới or sửa chữa."), ""),
        Column(
            "member",
            ("Đoàn viên", "Số thẻ đoàn viên", "Member"),
            marked("The member who received it: number, card or name."),
            "",
            is_text=True,
        ),
        Column("beneficiary", ("Người nhận", "Beneficiary"), marked("Who received it, if no member did."), ""),
        Column("fund", ("Nguồn quỹ", "Quỹ", "Fund"), marked("The fund it came from."), ""),
        _DECISION,
    ),
    "figures": (
        _UNIT,
        _PERIOD,
        _INDICATOR,
        Column(
            "value",
            ("Giá trị", "Số liệu", "Thực hiện", "Số lượng", "Value"),
            marked("7.000, hơn 7.000, 96,4 tỷ, 56/56, ước 500, n/a; or only a percentage as printed, 95%."),
            "120",
            required=True,
            is_text=True,
            may_be_percent=True,
            may_be_money=True,
        ),
        Column("source", ("Nguồn", "Nguồn số liệu", "Source"), marked("The document it stands in."), "BC 45/BC-LĐLĐ"),
        Column(
            "stated_percent",
            ("Tỷ lệ đã in", "Tỷ lệ theo nguồn (%)", "Stated percent", "Stated %"),
            marked("The percentage that the source printed; shown, never computed with."),
            "",
            may_be_percent=True,
        ),
        Column("weight", ("Trọng số", "Weight"), marked("Of an average: how many it was taken over."), ""),
        _DECISION,
        Column(
            "speaks_for",
            ("Gồm đơn vị đã sáp nhập", "With predecessors"),
            marked("Có or không: whether it speaks for the units too that merged into this one inside the period."),
            "",
        ),
        Column("reason", ("Nguyên nhân", "Lý do chưa đạt", "Reason"), marked("Why a target was missed."), ""),
        Column(
            "received",
            ("Ngày nhận", "Ngày nhận báo cáo", "Received"),
            marked("The day the unit's report came in."),
            "",
            is_text=True,
        ),
    ),
    "targets": (
        _UNIT,
        _PERIOD,
        _INDICATOR,
        Column(
            "value",
            ("Chỉ tiêu giao", "Kế hoạch", "Giá trị", "Chỉ tiêu", "Target", "Value"),
            marked("1.720, ít nhất 10, từ 1 tỷ trở lên, 2.000-2.500, tối đa 5, 85%."),
            "150",
            required=True,
            is_text=True,
            may_be_percent=True,
            may_be_money=True,
        ),
        Column(
            "issuer", ("Đơn vị giao", "Cấp giao", "Issuer"), marked("The unit that handed it down."), "", is_text=True
        ),
        _DECISION,
    ),
}

# In the table of rows that could not be taken: what is wrong with a row, and which line it was.
WRONG = "Sai ở đâu"
LINE = "Dòng trong tệp gốc"

# What says of each row in which unit its amounts are, as the forms of the trade union have it; folded.
UNIT_OF_ROW = ("don vi tinh", "dvt", "measure")

# What officers' tables have besides, folded, and no one reads unless told to.
PASSED_OVER = ("stt", "tt", "so thu tu", "no", "no.", "number", "ghi chu", "note", "notes", "ten don vi", "unit name",
               fold(WRONG), fold(LINE), *UNIT_OF_ROW)  # fmt: skip

# What ucli's own lists have besides, folded, and a table that is taken in has not.
NOT_TAKEN_IN = (
    *("so", "so doan vien", "members", "dien", "by", "ngay thoi sinh hoat", "left on", "ly do", "why"),
    *("tu so", "part", "mau so", "whole", "uoc luong", "hedge", "loai chi tieu", "kind of target", "den muc", "up to"),
    *("chi tieu (%)", "target %", "thao tac giao", "set by operation", "thao tac thay", "replaced by operation"),
)

# Beside these, folded, a column “Tên” is no whole name, but the last part of one.
PARTS_OF_A_NAME = (
    *("ho", "ho dem", "ho lot", "ho va dem", "ho, dem", "ho va ten dem", "ho va chu dem", "ho va chu lot"),
    *("dem", "ten dem", "chu dem", "ten lot", "chu lot"),
)
LAST_PART = "ten"

# Above several headings, folded, these say nothing of them that they do not say themselves.
SAY_NOTHING = (
    *("ho va ten", "ho ten", "ho va ten doan vien", "ho ten doan vien", "doan vien", "thong tin", "thong tin ca nhan"),
    *("thong tin doan vien", "nhan than", "so tien", "kinh phi", "gia tri", "tri gia", "muc chi", "so tien chi"),
    *("ngay thang nam", "ngay, thang, nam", "ngay", "full name", "personal data", "amount", "date"),
)
