"""The ledger in a browser."""

from contextlib import closing
from pathlib import Path

from ucli.cli.commands import UcliCommand, command
from ucli.cli.session import current_session, expanded, tell
from ucli.cli.values import number
from ucli.errors import RefusedError, UsageError
from ucli.i18n import _
from ucli.ledger.store import open_ledger

_HIGHEST_PORT = 65_535


def _port(text: str) -> int:
    port = number(str(text))  # a number, as the default is not parsed
    if port > _HIGHEST_PORT:
        raise UsageError(_("There is no port {port}.").format(port=port), instead=_("Choose one up to 65535."))
    return port


@command(UcliCommand)
def serve(
    port: int = 8420,
    host: str | None = None,
    password_file: str | None = None,
    tls_cert: str | None = None,
    tls_key: str | None = None,
) -> None:
    """Open the printed address in a browser on this machine; Ctrl-C stops it.

    Pages are read-only, and persons appear only as numbers. They cannot be reached from other machines
    unless --host says so, with a password and a certificate.
    """
    files = (password_file, tls_cert, tls_key)
    if host is None and any(files):
        raise UsageError(
            _("A password and a certificate are only for --host."), instead=_("Add --host, or leave them out.")
        )
    if host is not None and not all(files):
        raise UsageError(
            _("Others may only look with a password and a certificate."),
            instead=_("Add --password-file, --tls-cert and --tls-key, or leave --host out."),
        )
    with closing(open_ledger(current_session().path)):
        pass  # errors are reported before anybody looks
    try:
        from ucli.web import server  # noqa: PLC0415  slow, and only with the extra
    except ModuleNotFoundError as error:
        raise RefusedError(
            _("The pages need packages that are not installed: {name}.").format(name=error.name),
            instead=_("Install them: pip install 'ucli[web]'"),
        ) from error
    outside = None
    if host and password_file and tls_cert and tls_key:
        server.require_one_address(host)
        outside = server.Outside(host, *(expanded(it) for it in (password_file, tls_cert, tls_key)))
    server.serve(Path(current_session().path), port, outside, _tell_address)


def _tell_address(address: str) -> None:
    print(address, flush=True)
    tell(_("Open this address in a browser; it works on this machine only unless --host was given. Ctrl-C stops it."))
