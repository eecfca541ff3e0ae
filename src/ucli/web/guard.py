"""Access control: requests to this machine's own address only, with the token or the password, and only reading."""

import asyncio
import hashlib
import hmac
import secrets
import sys
import time
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from html import escape
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from starlette.responses import HTMLResponse, Response

from ucli.i18n import _, chosen, speak
from ucli.sanitize import sanitize

_LONGEST_QUERY, _MOST_CHOICES = 2_000, 40
_SECONDS_AFTER_WRONG = 1.0
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'self';"
    " base-uri 'none'; img-src 'none'; script-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>ucli</title></head><body><main><h1>{title}</h1>{said}</main></body></html>
"""


class Access(NamedTuple):
    """What a request needs: one of these hosts, and the token or the password."""

    hosts: frozenset[str]
    origin: str  # the scheme
    cookie: str
    token: str = ""  # part of the first address
    password: str = ""  # instead of the token, if others on the network may look

    def is_password(self, header: str) -> bool:
        """Tell whether a header holds the password, with any user name."""
        kind, _space, packed = header.partition(" ")
        try:
            typed = b64decode(packed, validate=True).decode().partition(":")[2]
        except ValueError:
            return False
        return kind.lower() == "basic" and _same(typed, self.password)


class Guard:
    """Wraps the application with access control and logs a line for each request on standard error."""

    def __init__(self, app: Any, entry: Access, language: str) -> None:
        self._app, self._entry, self._language = app, entry, language
        self._session = secrets.token_urlsafe(32)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        begun, status = time.monotonic(), 0

        async def guarded(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = {name.lower() for name, _value in message["headers"]}
                more = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [*message["headers"], *(it for it in more if it[0] not in given)]
            await send(message)

        speak(self._language)
        headers = _headers_of(scope)
        try:
            refusal = self._refusal(scope, headers)
            if refusal and refusal.status_code == HTTPStatus.UNAUTHORIZED and "authorization" in headers:
                await asyncio.sleep(_SECONDS_AFTER_WRONG)
            await (refusal or self._app)(scope, receive, guarded)
        finally:
            path = sanitize(quote(scope["path"], safe="/."))[:80]  # the query may hold a name
            now = datetime.now().strftime("%Y-%m-%d %H:%M:%S")  # noqa: DTZ005  the officer's own clock
            spent = round((time.monotonic() - begun) * 1000)
            print(f"{now} {scope['method'][:10]} {path} {status} {spent} ms", file=sys.stderr, flush=True)  # noqa: T201

    def _refusal(self, scope: Any, headers: Mapping[str, str]) -> Response | None:
        """Return the answer to a request that is refused; None if it is admitted."""
        entry, query = self._entry, scope["query_string"]
        host = headers.get("host", "").lower()
        if host not in entry.hosts:  # refused too: a foreign name that resolves to this machine
            return _refused(421, _("This server does not answer to that name."))
        if scope["method"] not in ("GET", "HEAD") or headers.get("content-length", "0") != "0":
            return _refused(405, _("Pages are read-only."), {"Allow": "GET, HEAD"})
        is_foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        is_page = headers.get("sec-fetch-dest", "document") == "document"
        if headers.get("origin", f"{entry.origin}{host}") != f"{entry.origin}{host}" or (is_foreign and not is_page):
            return _refused(403, _("Another site asked for this page."))
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True) if len(query) <= _LONGEST_QUERY else []
        if len(query) > _LONGEST_QUERY or len(pairs) > _MOST_CHOICES:
            return _refused(414, _("The address is too long."))
        return self._without_password(headers) if entry.password else self._without_token(scope, headers, pairs)

    def _without_password(self, headers: Mapping[str, str]) -> Response | None:
        if self._entry.is_password(headers.get("authorization", "")):
            return None
        asks = {"WWW-Authenticate": 'Basic realm="ucli", charset="UTF-8"'}
        return _refused(401, _("The password is missing or wrong."), asks)

    def _without_token(self, scope: Any, headers: Mapping[str, str], pairs: list[tuple[str, str]]) -> Response | None:
        """Return the answer to a request without the cookie that a token sets; None if it has the cookie."""
        typed, path = dict(pairs).get("token", ""), quote(scope["path"], safe="/.")
        if typed and _same(typed, self._entry.token):
            rest = urlencode([it for it in pairs if it[0] != "token"])
            there = "/" if path.startswith("//") else path + (f"?{rest}" if rest else "")
            cookie = f"{self._entry.cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"
            return Response(status_code=303, headers={"Location": there, "Set-Cookie": cookie})
        if _same(_cookie_of(headers, self._entry.cookie), self._session):
            return None
        told = _("Open the address that “ucli serve” printed; it ends in a token. A bookmark works after that.")
        # From a link in a mail the browser sends no cookie; from this page it does.
        query = scope["query_string"].decode("latin-1")
        return _refused(403, told, again="" if typed else "/" + path.lstrip("/") + (f"?{query}" if query else ""))


def _refused(status: int, why: str, headers: Mapping[str, str] | None = None, again: str = "") -> Response:
    """Return a page that says why, with a link that the browser may follow with its cookie."""
    title = f"{status} {HTTPStatus(status).phrase}"
    said = f"<p>{escape(why)}</p>"
    said += f'<p><a href="{escape(again)}">{escape(_("Continue from a link in a message"))}</a></p>' if again else ""
    return HTMLResponse(_PAGE.format(language=chosen(), title=escape(title), said=said), status, headers)


def _headers_of(scope: Any) -> dict[str, str]:
    """Return the headers of a request; a repeated one is joined, so that it lets no one in."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _cookie_of(headers: Mapping[str, str], name: str) -> str:
    """Return one cookie; malformed cookies of other servers on this machine are ignored."""
    pairs = (it.strip().partition("=") for it in headers.get("cookie", "").split(";"))
    return next((value for key, _equals, value in pairs if key == name), "")


def _same(one: str, other: str) -> bool:
    """Compare secrets in constant time."""
    first, second = (hashlib.sha256(it.encode("utf-8", "replace")).digest() for it in (one, other))
    return hmac.compare_digest(first, second)
