"""Nobody is let in but who has the address with its token, from this machine, and nothing can be done but look."""

import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from contextlib import closing
from itertools import product
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
from benchmarks.ledgers import Size, make

from tests.conftest import Ucli, dumped
from tests.web.conftest import Site, served


def test_the_first_address_lets_in_and_its_token_is_gone_from_the_next(site: Site) -> None:
    first = Site(site.address).ask("/report?by=unit&" + site.first.partition("?")[2])
    assert (first.status, first.headers["location"]) == (303, "/report?by=unit")
    assert first.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")
    token = site.first.partition("=")[2]
    assert token not in first.headers["set-cookie"]
    assert token not in site.ask("/").text


@pytest.mark.parametrize(
    "path", ["/", "/report", "/style.css", "/live", "/nowhere", "/report.xlsx", "/?token=", "/?token=x"]
)
def test_nothing_is_shown_without_the_token(site: Site, path: str) -> None:
    reply = Site(site.address).ask(path)
    assert reply.status == 403
    assert "Thái Bình" not in reply.text


def test_a_link_from_a_message_is_followed_by_one_more_click(site: Site) -> None:
    reply = Site(site.address).ask("/report?by=unit", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")
    assert 'href="/report?by=unit"' in reply.text
    assert Site(site.address).ask("//evil.example/x").text.count('href="/evil.example/x"') == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "image"}, 403),
        ({"Cookie": 'ucli-1=x; a="; b'}, 403),
        ({"Content_Length": "5"}, 405),
    ],
)
def test_who_comes_from_elsewhere_is_refused(site: Site, headers: dict[str, str], status: int) -> None:
    reply = site.ask("/", **headers)
    # Without a host uvicorn itself refuses.
    assert reply.status in (status, 400)
    assert "Thái Bình" not in reply.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_there_is_nothing_to_do_but_look(site: Site, method: str) -> None:
    assert site.ask("/report", method).status in (400, 405)


def test_a_head_request_has_no_body(site: Site) -> None:
    reply = site.ask("/report", "HEAD")
    assert (reply.status, reply.body) == (200, b"")


@pytest.mark.parametrize(
    "path",
    ["/../so.db", "/%2e%2e/%2e%2e/etc/passwd", "/style.css/../so.db", "/style.css%00", "/report.db", "/list/person",
     "/list/..%2fmembers", "/templates/base.html", "/list/members", "/members", "/report/", "//evil.example"],
)  # fmt: skip
def test_there_are_no_other_paths(site: Site, path: str) -> None:
    assert site.ask(path).status in (400, 404)


HOSTILE = (
    *("'; DROP TABLE person; --", "%' OR '1'='1", '" UNION SELECT name FROM person --', "<script>alert(1)</script>"),
    *("{{ 7777*7777 }}", "../../etc/passwd", "%00", "x" * 201, "\u202e", "=1+1", "-1", "9" * 60),
)


PAGES = ("/report", "/explain", "/units", "/unit", "/search", "/list/figures", "/log", "/series")
CHOICES = ("unit", "period", "indicator", "by", "q", "on", "structure", "compare", "lang", "layout")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_whatever_is_typed_into_an_address_is_only_text(site: Site, web_ledger: Path, hostile: str) -> None:
    before = dumped(web_ledger)
    # Of all places each text stands in every third, and in each place stands every third text.
    for page, choice in [*product(PAGES, CHOICES)][HOSTILE.index(hostile) % 3 :: 3]:
        reply = site.ask(f"{page}?{choice}={quote(hostile)}")
        assert reply.status < 500, (page, choice, reply.text)
        assert "<script>" not in reply.text
        assert "60481729" not in reply.text or "{{" not in hostile
        assert "\u202e" not in reply.text
    assert dumped(web_ledger) == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/report?period=0001-01-01..9999-12-31&by=month", 400),
        ("/?period=0001-01-01..9999-12-31&by=month", 200),
        ("/series?period=1900-01-01..2026-01-01", 400),
        ("/report?period=2000-01-01..2025-12-31&by=month", 400),
        ("/report?" + "&".join(f"indicator=a{it}" for it in range(21)), 400),
        ("/report?" + "&".join(f"a{it}=b" for it in range(60)), 414),
        ("/report?unit=" + "a" * 3000, 414),
        ("/report?unit=HH&unit=KX", 400),
        ("/report?nothing=1", 400),
        ("/report?by=period", 400),
        ("/report?unit=" + "%C3%28", 404),
        ("/explain", 400),
        ("/explain?indicator=members-admitted&indicator=news-items", 400),
        ("/report?unit=nowhere", 404),
        ("/report?period=2024&compare=2099", 400),
    ],
)
def test_what_is_too_much_or_makes_no_sense_is_refused_on_a_page(site: Site, path: str, status: int) -> None:
    reply = site.ask(path)
    assert reply.status == status, reply.text
    assert "<h1>" in reply.text


def test_a_page_can_run_nothing_and_is_kept_by_nobody(site: Site) -> None:
    for path in ("/", "/report?by=unit", "/live", "/nowhere", "/report.csv"):
        headers = site.ask(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "private, no-store"
        assert "server" not in headers
    page = site.ask("/").text
    assert "<script" not in page
    assert " style=" not in page


def test_it_listens_on_this_machine_only(site: Site) -> None:
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", site.port))


def test_a_ledger_that_is_gone_or_another_is_said_on_a_page(web_ledger: Path, tmp_path: Path) -> None:
    ledger = Path(shutil.copy(web_ledger, tmp_path / "so.db"))
    with served(ledger) as (_process, address):
        site = Site(address).enter()
        assert site.ask("/report").status == 200
        ledger.unlink()
        assert [site.ask(it).status for it in ("/report", "/live?since=1", "/")] == [503, 503, 503]
        assert "Chưa có sổ tại" in site.ask("/report").text
        with closing(sqlite3.connect(ledger)) as other:
            other.execute("CREATE TABLE figure (a)")
        assert [site.ask(it).status for it in ("/report", "/live?since=1")] == [503, 503]
        shutil.copy(web_ledger, ledger)
        assert site.ask("/report").status == 200


def test_a_port_that_is_taken_is_refused(site: Site, ucli: Ucli, web_ledger: Path) -> None:
    answer = ucli("--db", web_ledger, "serve", "--port", site.port, expect=5)
    assert "--port 0" in answer.err


def test_without_a_ledger_there_is_nothing_to_serve(ucli: Ucli) -> None:
    ucli("serve", "--port", "0", expect=7)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--host", "0.0.0.0"], 2),  # noqa: S104
        (["--host", "127.0.0.1", "--password-file", "mat-khau"], 2),
        (["--password-file", "mat-khau"], 2),
        (["--port", "70000"], 2),
        (["--host", "0.0.0.0", "--password-file", "mat-khau", "--tls-cert", "c", "--tls-key", "k"], 2),  # noqa: S104
        (["--host", "127.0.0.1", "--password-file", "mat-khau", "--tls-cert", "c", "--tls-key", "k"], 4),
    ],
)
def test_others_may_look_only_with_a_password_and_a_certificate(
    ucli: Ucli, web_ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mat-khau").write_text("mật khẩu dài dòng", encoding="utf-8")  # others can read it
    ucli("--db", web_ledger, "serve", *words, expect=code)


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl to make a certificate with")
def test_with_them_the_password_is_asked_for_over_tls(web_ledger: Path, tmp_path: Path) -> None:
    password, certificate, key = (tmp_path / it for it in ("mat-khau", "c.pem", "k.pem"))
    password.write_text("mật khẩu dài dòng\n", encoding="utf-8")
    password.chmod(0o600)
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]
    make += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    words = ["--port", "0", "--host", "127.0.0.1", "--password-file", str(password)]
    with served(web_ledger, *words, "--tls-cert", str(certificate), "--tls-key", str(key)) as (_process, address):
        assert address.startswith("https://127.0.0.1:")
        assert "token" not in address
        trusted = ssl.create_default_context(cafile=str(certificate))

        def ask(typed: str) -> int:
            asked = urllib.request.Request(address)  # noqa: S310
            if typed:
                asked.add_header("Authorization", "Basic " + b64encode(f"ai:{typed}".encode()).decode())
            try:
                with urllib.request.urlopen(asked, context=trusted) as reply:  # noqa: S310
                    return int(reply.status)
            except HTTPError as error:
                with error:
                    return error.code

        assert [ask(it) for it in ("", "sai", "mật khẩu dài dòng")] == [401, 401, 200]


def test_without_its_packages_the_command_says_what_to_install(web_ledger: Path) -> None:
    code = "import sys; sys.modules['starlette'] = None; from ucli.__main__ import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "--db", str(web_ledger), "--lang", "en", "serve"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert "pip install 'ucli[web]'" in done.stderr


def test_connections_that_ask_nothing_shut_nobody_out(web_ledger: Path) -> None:
    with served(web_ledger) as (_process, address):
        site = Site(address).enter()
        half_open = []
        for _ in range(300):
            half_open.append(socket.create_connection((site.host, site.port)))
            half_open[-1].sendall(b"GET / HTTP/1.1\r\nX: ")
        assert site.ask("/").status == 503
        deadline = time.monotonic() + 30
        while site.ask("/").status == 503:
            assert time.monotonic() < deadline
            time.sleep(1)
        for it in half_open:
            it.close()


def test_who_ends_it_while_it_answers_sees_no_traceback(tmp_path: Path) -> None:
    make(tmp_path / "so.db", Size(3, 300))
    with served(tmp_path / "so.db") as (process, address):
        site = Site(address).enter()
        there = socket.create_connection((site.host, site.port))
        there.sendall(
            f"GET /report.docx?period=2024&by=union HTTP/1.1\r\nHost: {site.host}:{site.port}\r\n"
            f"Cookie: {site.cookie}\r\n\r\n".encode()
        )
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _out, told = process.communicate(timeout=60)
        there.close()
    assert process.returncode == 130
    assert "Traceback" not in told


def test_a_document_that_nobody_reads_is_refused_and_the_table_is_not(tmp_path: Path) -> None:
    make(tmp_path / "so.db", Size(3, 800))
    with served(tmp_path / "so.db") as (_process, address):
        site = Site(address).enter()
        for form in ("docx", "html"):
            reply = site.ask(f"/report.{form}?period=2024&by=union&compare=2023")
            assert reply.status == 400, reply.headers
            assert ".xlsx" in reply.text
            assert site.ask(f"/report.{form}?period=2024&by=district&compare=2023").status == 200
        assert site.ask("/report.csv?period=2024&by=union&compare=2023").status == 200
