"""Write docs/reference.md and docs/tra-cuu.md from the program: commands and options, catalogue, what is typed, codes.

python scripts/reference.py          write both
python scripts/reference.py --check  only say whether they are in step; exit 1 if they are not
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from inspect import cleandoc
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ucli.cli import parameters
from ucli.cli.app import root_command
from ucli.cli.commands import FileCommand, ReadCommand, WriteCommand
from ucli.cli.index import COMMANDS
from ucli.cli.run import run
from ucli.errors import UcliError
from ucli.i18n import _, choose, chosen
from ucli.ledger.rules import FAULT, RULES, WARNING, text_of
from ucli.render.labels import word
from ucli.values.dates import date_text, parse_date
from ucli.values.members import LEFT_BY
from ucli.values.numbers import money_text, parse_money
from ucli.values.periods import built_in
from ucli.values.quantities import parse_quantity
from ucli.values.units import KIND_ALIASES, LEVELS

DOCS = Path(__file__).parent.parent / "docs"
FILES = {"en": "reference.md", "vi": "tra-cuu.md"}

# What stands in the documents beside the program's own words, in both languages.
WORDS = {
    "head": {
        "en": """# Reference

Made from the program by `scripts/reference.py`: every command with its options, the catalogue, what may be typed, and
all codes. How to do a thing is in [how-to.md](how-to.md), how things are counted in [counting.md](counting.md), the
ledger in SQL in [schema.md](schema.md). *Tiếng Việt: [tra-cuu.md](tra-cuu.md).*
""",
        "vi": """# Tra cứu

Lập từ chính chương trình bằng `scripts/reference.py`: mọi lệnh và tùy chọn, danh mục, cách gõ, các mã. Cách làm từng
việc ở [huong-dan.md](huong-dan.md). *English: [reference.md](reference.md).*
""",
    },
    "commands": {"en": "Commands", "vi": "Lệnh"},
    "shared": {"en": "Options of many commands", "vi": "Tùy chọn chung"},
    "everywhere": {"en": "Every command", "vi": "Mọi lệnh"},
    "writing": {"en": "Commands that record", "vi": "Lệnh ghi sổ"},
    "reading": {"en": "Commands that print", "vi": "Lệnh xem"},
    "files": {"en": "Commands about the ledger file", "vi": "Lệnh về tệp sổ"},
    "option": {"en": "Option", "vi": "Tùy chọn"},
    "meaning": {"en": "Meaning", "vi": "Ý nghĩa"},
    "required": {"en": "required", "vi": "bắt buộc"},
    "variables": {
        "en": """## Environment variables

| Variable | Meaning |
|---|---|
| `UCLI_DB` | the ledger file, where `--db` is not given |
| `UCLI_LANG` | `vi` or `en`, where `--lang` is not given |
| `UCLI_ACTOR` | who records, where `--actor` is not given |
| `COLUMNS`, `NO_COLOR`, `TERM=dumb` | width of tables on a terminal; no colours |
| `XDG_DATA_HOME` | the folder of `ucli/ucli.db`, without `--db` and `UCLI_DB`; default `~/.local/share` |
""",
        "vi": """## Biến môi trường

| Biến | Ý nghĩa |
|---|---|
| `UCLI_DB` | tệp sổ, khi không có `--db` |
| `UCLI_LANG` | `vi` hoặc `en`, khi không có `--lang` |
| `UCLI_ACTOR` | người ghi, khi không có `--actor` |
| `COLUMNS`, `NO_COLOR`, `TERM=dumb` | độ rộng bảng trên màn hình; không dùng màu |
| `XDG_DATA_HOME` | thư mục chứa `ucli/ucli.db`, khi không có `--db` và `UCLI_DB`; mặc định `~/.local/share` |
""",
    },
    "typed": {"en": "What is typed, and what it means", "vi": "Cách gõ"},
    "typed as": {"en": "Typed", "vi": "Gõ"},
    "read as": {"en": "Read as", "vi": "Hiểu là"},
    "refused": {"en": "refused", "vi": "không nhận"},
    "periods": {"en": "Periods", "vi": "Kỳ"},
    "days": {"en": "Days", "vi": "Ngày"},
    "counts": {"en": "Counts", "vi": "Số lượng"},
    "money": {"en": "Money", "vi": "Số tiền"},
    "targets": {
        "en": """### Targets and other values

| Typed | Read as |
|---|---|
| `1.500`, `ít nhất 1.500`, `từ 1.500 trở lên` | at least 1.500 |
| `> 74`, `vượt 74`, `trên 45%` | more than: 74 itself is not enough |
| `tối đa 5` | at most 5 |
| `2.000-2.500` | a range, met from its lower bound on |
| `85%` | of an indicator that is a ratio or average |
| `mỗi đơn vị ít nhất 20` | how many of the units below reach 20 |
| `giảm 30`, or `-30` after `--` | below zero, where the indicator may be |
| `56/56` | of a ratio: part and whole |
| `95%` | of a ratio, as a figure: a percentage that was only printed |
| `ước 520` | an estimate |
| `không áp dụng`, `n/a` | the unit does not report this |
""",
        "vi": """### Chỉ tiêu và giá trị khác

| Gõ | Hiểu là |
|---|---|
| `1.500`, `ít nhất 1.500`, `từ 1.500 trở lên` | ít nhất 1.500 |
| `> 74`, `vượt 74`, `trên 45%` | trên mức: bằng đúng 74 là chưa đạt |
| `tối đa 5` | không quá 5 |
| `2.000-2.500` | khoảng, đạt từ mức dưới trở lên |
| `85%` | với nội dung là tỷ lệ hoặc bình quân |
| `mỗi đơn vị ít nhất 20` | bao nhiêu đơn vị trực thuộc đạt 20 |
| `giảm 30`, hoặc `-30` sau `--` | số âm, ở nội dung có thể âm |
| `56/56` | với tỷ lệ: tử số và mẫu số |
| `95%` | với số liệu tỷ lệ: chỉ có tỷ lệ ghi trong báo cáo |
| `ước 520` | số ước thực hiện |
| `không áp dụng`, `n/a` | đơn vị không phải báo cáo nội dung này |
""",
    },
    "kinds": {"en": "Kinds of units", "vi": "Loại đơn vị"},
    "kinds head": {
        "en": "| Code | Name | Level | Also typed as |\n|---|---|---|---|",
        "vi": "| Mã | Tên | Cấp | Cũng gõ được |\n|---|---|---|---|",
    },
    "leaving": {"en": "Why a member left", "vi": "Lý do đoàn viên giảm"},
    "leaving head": {
        "en": "| Code | Name | Also typed as |\n|---|---|---|",
        "vi": "| Mã | Tên | Cũng gõ được |\n|---|---|---|",
    },
    "no marks": {
        "en": "With or without tone marks, in any case.",
        "vi": "Có dấu hay không dấu, hoa hay thường đều được.",
    },
    "indicators": {"en": "Indicators", "vi": "Nội dung thống kê"},
    "programmes": {"en": "Welfare programmes", "vi": "Chương trình chăm lo"},
    "exit": {"en": "Exit codes", "vi": "Mã thoát"},
    "exit head": {"en": "| Code | Meaning |\n|---|---|", "vi": "| Mã | Ý nghĩa |\n|---|---|"},
    "check": {
        "en": "## Findings of `ucli check`\n\n`ucli check --explain CODE` also says why, and what to do.\n",
        "vi": "## Vấn đề do `ucli check` nêu\n\n`ucli check --explain MÃ` nêu thêm lý do và cách xử lý.\n",
    },
    "check head": {
        "en": "| Code | Severity | What holds |\n|---|---|---|",
        "vi": "| Mã | Mức độ | Điều phải đúng |\n|---|---|---|",
    },
}
EXIT_CODES = {
    0: {"en": "done, also where there was nothing to change", "vi": "xong, kể cả khi không có gì phải đổi"},
    1: {"en": "a fault in ucli", "vi": "lỗi của chương trình"},
    2: {"en": "the command line cannot be understood", "vi": "gõ lệnh sai"},
    3: {"en": "a name that no unit, or several, have", "vi": "không có tên ấy, hoặc nhiều đơn vị cùng tên"},
    4: {
        "en": "a value that cannot be taken; `check` found something",
        "vi": "giá trị không nhận được; `check` còn vấn đề",
    },
    5: {"en": "refused by what is recorded already", "vi": "nội dung đã có trong sổ không cho phép"},
    6: {
        "en": "printed, but `--fail-incomplete` or `--fail-under` is not met",
        "vi": "đã in, nhưng không thỏa `--fail-incomplete` hoặc `--fail-under`",
    },
    7: {
        "en": "the ledger is missing, busy, damaged, foreign, of another version, or could not be read or written",
        "vi": "tệp sổ không có, đang bận, hỏng, không phải sổ, khác phiên bản, hoặc không đọc, ghi được",
    },
    130: {"en": "interrupted", "vi": "bị ngắt"},
}
PERIODS = ("2024", "2024-H1", "6 tháng đầu năm 2024", "2024-Q3", "quý III/2024", "2024-9M", "2024-06", "T6/2024",
           "2024u", "2024u-H1", "2024-07-01..2024-07-31", "2024-12-31")  # fmt: skip
DAYS = ("2024-06-30", "30/6/2024", "30.6.2024", "30 tháng 6 năm 2024", "30/2/2024")
COUNTS = ("7000", "7.000", "7 nghìn", "hơn 7.000", "trên 230.000", "gần 500", "khoảng 3.000", "1.5", "7,000")
AMOUNTS = ("900 triệu", "900tr", "96,4 tỷ", "1,2 nghìn tỷ", "4 tỷ 75 triệu", "1200000đ", "50 nghìn", "1.5 tỷ")


def documents() -> dict[str, str]:
    """Return the text of both documents by their names."""
    texts = {}
    for language, name in FILES.items():
        choose(language)
        texts[name] = re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(language))).rstrip() + "\n"
    return texts


def _lines(language: str) -> Iterator[str]:
    say = {key: it[language] for key, it in WORDS.items()}
    root = root_command()
    yield say["head"]
    yield f"## {say['commands']}\n"
    for panel in dict.fromkeys(it.panel for it in COMMANDS.values()):
        yield f"### {_(panel)}\n"
        for name, entry in COMMANDS.items():
            if entry.panel == panel:
                yield from _command(root.get_command(None, name), say)
    yield f"## {say['shared']}\n"
    for title, names in (
        ("everywhere", parameters.EVERYWHERE),
        ("writing", WriteCommand.shares),
        ("reading", ReadCommand.shares),
        ("files", FileCommand.shares),
    ):
        yield f"### {say[title]}\n"
        yield from _options(_shared(names), say)
    yield say["variables"]
    yield f"## {say['typed']}\n"
    for title, typed, read in (
        ("periods", PERIODS, _period),
        ("days", DAYS, lambda text: date_text(parse_date(text))),
        ("counts", COUNTS, _count),
        ("money", AMOUNTS, lambda text: f"{money_text(parse_money(text))} đồng"),
    ):
        yield f"### {say[title]}\n\n| {say['typed as']} | {say['read as']} |\n|---|---|"
        yield from (f"| `{it}` | {_read(read, it, say['refused'])} |" for it in typed)
        yield ""
    yield say["targets"]
    yield from _words_of_units(say)
    yield f"## {say['indicators']}\n\n{_printed('indicators', '-f', 'github')}"
    yield f"## {say['programmes']}\n\n{_printed('programmes', '-f', 'github')}"
    yield f"## {say['exit']}\n\n{say['exit head']}"
    yield from (f"| {code} | {it[language]} |" for code, it in EXIT_CODES.items())
    yield f"\n{say['check']}\n{say['check head']}"
    yield from _findings()


def _command(command: Any, say: dict[str, str]) -> Iterator[str]:
    arguments = [_(it.metavar or it.name) for it in command.params if it.param_type_name == "argument"]
    yield f"#### `{' '.join(['ucli', command.name, *arguments])}`\n"
    yield "\n\n".join(filter(None, (_(command.help), _(cleandoc(command.callback.__doc__ or ""))))) + "\n"
    shared = {*command.shares, *parameters.EVERYWHERE}
    own = [it for it in command.params if it.name not in shared and it.help]
    if own:
        yield from _options(own, say)
    yield "```sh\n" + "\n".join(command.epilog.splitlines()) + "\n```\n"


def _shared(names: Sequence[str]) -> list[Any]:
    return parameters.shared("", tuple(names))


def _options(params: Iterable[Any], say: dict[str, str]) -> Iterator[str]:
    yield f"| {say['option']} | {say['meaning']} |\n|---|---|"
    for it in params:
        typed = _(it.metavar or it.name) if it.param_type_name == "argument" else ", ".join(it.opts)
        if it.secondary_opts:
            typed += f" / {', '.join(it.secondary_opts)}"
        elif it.param_type_name == "option" and not it.is_flag:
            typed += f" {_(it.metavar or '')}".rstrip()
        must = f" ({say['required']})" if it.param_type_name == "option" and it.required else ""
        yield f"| `{_cell(typed)}`{must} | {_cell(_(it.help))} |"
    yield ""


def _words_of_units(say: dict[str, str]) -> Iterator[str]:
    yield f"## {say['kinds']}\n\n{say['no marks']}\n\n{say['kinds head']}"
    for kind, level in LEVELS.items():
        typed = ", ".join(it for it, known in KIND_ALIASES.items() if known == kind)
        yield f"| `{kind}` | {word(kind)} | {level if typed else '—'} | {typed or '—'} |"
    yield f"\n## {say['leaving']}\n\n{say['no marks']}\n\n{say['leaving head']}"
    yield from (f"| `{code}` | {word(code)} | {', '.join(words)} |" for code, words in LEFT_BY.items())
    yield ""


def _findings() -> Iterator[str]:
    import_module("ucli.cli.check")  # the rules that only `check` asks
    import_module("ucli.reports.checks")
    kinds = {it.code: it.kind for it in RULES}
    for code in sorted(kinds):
        severity = word(WARNING if kinds[code] == WARNING else FAULT)
        yield f"| `{code}` | {severity} | {_cell(text_of(code).partition(chr(10) * 2)[0])} |"


def _period(text: str) -> str:
    window = built_in(text)
    if window is None:
        raise ValueError(text)
    return f"`{window.code}`: {date_text(window.start)}–{date_text(window.end)}"


def _count(text: str) -> str:
    return parse_quantity(text, money=False).text()


def _read(read: Callable[[str], str], typed: str, refused: str) -> str:
    try:
        return read(typed)
    except UcliError as error:
        return f"{refused}: {' '.join(it for it in (error.what, error.instead) if it)}"


def _printed(*words: str) -> str:
    """Return what a command prints of a ledger just made, without the spaces that align its columns."""
    out = StringIO()
    with TemporaryDirectory() as folder, redirect_stdout(out), redirect_stderr(StringIO()):
        os.environ["UCLI_DB"] = str(Path(folder) / "so.db")
        for line in (["init"], words):
            run([*line, "--lang", chosen()])
    return re.sub(r"-{3,}", "---", re.sub(r" {2,}", " ", out.getvalue()))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    wrong = []
    for name, text in documents().items():
        path = DOCS / name
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            wrong.append(f"docs/{name} is out of step: run python scripts/reference.py")
    print("\n".join(wrong), end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
