"""Names for made-up units, drawn from lists in a fixed order: districts and the workplaces that unions are in."""

_FIRST = (
    "Hưng Kiến Thái Quỳnh Tiền Vũ Đông Nam Bình Phú Tân An Long Hòa Thanh Vĩnh Đức Lộc Phước Thuận"
    " Mỹ Châu Gia Kim Yên Lương Hải Sơn Ngọc Xuân Minh Hồng Quang Cẩm Hương Bảo Trà Đại Thạch Tam Cao"
).split()
_SECOND = (
    "Hà Xương Thụy Phụ Hải Thư Hưng Ninh Giang Xuyên Lộc An Thành Hòa Phúc Khánh Sơn Bình Lâm Thủy Trung Thạnh Mỹ"
    " Điền Châu Liên Nguyên Đức Trạch Quế Viên Tường Dương Lạc Khê Phong Tiến Đài Lĩnh Vân Thắng Minh Ngãi"
).split()
_WORKPLACES = (
    "Công ty TNHH May",
    "Công ty CP Điện tử",
    "Trường THCS",
    "Công ty TNHH Da giày",
    "Trường Tiểu học",
    "Công ty CP Xây dựng",
    "Trạm Y tế xã",
    "Công ty TNHH Chế biến thủy sản",
    "Trường Mầm non",
    "Hợp tác xã Vận tải",
    "UBND xã",
    "Công ty TNHH Bao bì",
)


def place(number: int) -> str:
    """Return a place's name; 1,763 numbers in a row are 1,763 names."""
    first, second = len(_FIRST), len(_SECOND)
    return f"{_FIRST[number % first]} {_SECOND[number % second]}"


def workplace(number: int) -> str:
    """Return the name of a union of some workplace; the number behind it tells namesakes apart."""
    return f"CĐCS {_WORKPLACES[number % len(_WORKPLACES)]} {place(number // 5)} {number + 1}"
