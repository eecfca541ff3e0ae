"""The server: for this machine only, or for the network with a password and a certificate."""

import asyncio
import logging
import secrets
import socket
import ssl
import stat
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ucli.errors import RefusedError, RejectedError, UsageError
from ucli.i18n import _, chosen, refusal
from ucli.web.app import Pages
from ucli.web.guard import Access, Guard

HERE = "127.0.0.1"
_SHORTEST_PASSWORD = 12
_AT_MOST = 256  # the most connections at once
_LONGEST_HEADERS = 16_384
_SECONDS_TO_END = 2
_SECONDS_TO_ASK = 10  # seconds for a request to arrive, and for the next one on the same connection


class _Impatient(H11Protocol):
    """A connection that is closed if no whole request arrives in time, so that idle ones cannot lock others out."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._look_again()

    def _look_again(self) -> None:
        answered = self.cycle if self._is_waiting() else self
        asyncio.get_running_loop().call_later(_SECONDS_TO_ASK, self._look, answered)

    def _look(self, answered: object) -> None:
        if self._is_waiting() and self.cycle is answered:
            self.transport.close()
        elif not self.transport.is_closing():
            self._look_again()

    def _is_waiting(self) -> bool:
        return self.cycle is None or self.cycle.response_complete


class Outside(NamedTuple):
    """Serving the network: a name or address of this machine, a password, a certificate."""

    host: str
    password: Path
    certificate: Path
    key: Path


def serve(ledger: Path, port: int, outside: Outside | None, told: Callable[[str], None]) -> None:
    """Serve the pages of a ledger until Ctrl-C, which ends it as any command.

    Args:
        ledger: its file.
        port: where to listen; 0 takes any that is free.
        outside: how the network may look; None: only this machine, with the address that is told.
        told: is called with the address to open.

    Raises:
        RefusedError: the port is taken, or the host is not this machine's.
        RejectedError: the password or the certificate cannot be used.
    """
    host = outside.host if outside else HERE
    password = _password(outside.password) if outside else ""
    if outside:
        _require_certificate(outside)
    with _listening(host, port) as there:
        port = there.getsockname()[1]
        scheme = "https://" if outside else "http://"
        names = {host.lower()} if outside else {HERE, "localhost"}
        shown = f"[{host}]" if ":" in host else host
        hosts = frozenset(f"[{it}]:{port}" if ":" in it else f"{it}:{port}" for it in names)
        token = "" if outside else secrets.token_urlsafe(24)
        entry = Access(hosts, scheme, f"ucli-{port}", token, password)
        guard = Guard(Pages(ledger, chosen()).app(), entry, chosen())
        config = uvicorn.Config(
            guard, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="off",
            ws="none", http=_Impatient, loop="asyncio", limit_concurrency=_AT_MOST,
            h11_max_incomplete_event_size=_LONGEST_HEADERS, timeout_graceful_shutdown=_SECONDS_TO_END,
            timeout_keep_alive=2 * _SECONDS_TO_ASK,
            ssl_certfile=outside and outside.certificate, ssl_keyfile=outside and outside.key,
        )  # fmt: skip
        # Only the kind of an error is logged: its text may hold recorded data.
        logging.getLogger("uvicorn.error").addFilter(lambda record: not record.exc_info)
        told(f"{scheme}{shown}:{port}/" + (f"?token={token}" if token else ""))
        uvicorn.Server(config).run(sockets=[there])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_AT_MOST)
    except OSError as error:
        raise RefusedError(
            _("Port {port} of {host} cannot be used.").format(port=port, host=host),
            why=refusal(error),
            instead=_("Name another with --port; --port 0 takes any free one."),
        ) from error


def require_one_address(host: str) -> None:
    """Refuse a host that means all addresses of a machine: no browser uses it."""
    try:
        is_every = ip_address(host).is_unspecified
    except ValueError:
        is_every = False
    if is_every:
        raise UsageError(
            _("{host} is not an address that a browser can open.").format(host=host),
            instead=_("Give the name by which others reach this machine."),
        )


def _password(path: Path) -> str:
    try:
        is_open = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if is_open:
        raise RejectedError(
            _("Other users of this machine can read {file}.").format(file=path), instead=f"chmod 600 {path}"
        )
    if len(text) < _SHORTEST_PASSWORD:
        raise RejectedError(
            _("The password in {file} is shorter than {least} letters.").format(file=path, least=_SHORTEST_PASSWORD)
        )
    return text


def _require_certificate(outside: Outside) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(outside.certificate, outside.key)
    except OSError as error:  # covers errors in their contents as well
        raise _unreadable(outside.certificate, error) from error


def _unreadable(path: Path, error: Exception) -> RejectedError:
    why = refusal(error) if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else None
    return RejectedError(_("{file} cannot be used.").format(file=path), why=why)
