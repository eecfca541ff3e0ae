"""OpenSSH signatures of bundles, made and verified by `ssh-keygen -Y`."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, refusal

NAMESPACE = "ucli-bundle"
PROGRAM = "ssh-keygen"
_KEY = re.compile(r"((?:ssh|ecdsa|sk)-[a-z0-9@.-]{1,60} [A-Za-z0-9+/]{20,4000}={0,2})(?: .*)?")
_LARGEST_KEY = 1 << 14
_SECONDS = 60


def public_key(file: Path) -> str:
    """Return the public key in a file: kind and key, without the comment, which names somebody."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LARGEST_KEY).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = refusal(error) if isinstance(error, OSError) else None
        raise RejectedError(_("The key {file} cannot be read.").format(file=file), why=why) from None
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = _KEY.fullmatch(lines[0].strip()) if len(lines) == 1 else None
    if found is None:
        raise RejectedError(
            _("{file} holds no public key of OpenSSH.").format(file=file),
            instead=_("Ask the office for its file that ends in .pub."),
        )
    return found[1]


def make_key(file: Path) -> None:
    """Create a private signing key and its public half beside it."""
    _run(
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "",
        "-f",
        str(file),
        why=_("The key {file} could not be made."),
        file=file,
    )


def signed(data: bytes, key: Path) -> bytes:
    """Sign some bytes with a private key."""
    why = _("{file} cannot sign.")
    return _run("-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, data=data, why=why, file=key)


def signer_of(data: bytes, signature: bytes, keys: Mapping[int, str]) -> int | None:
    """Return the number of the public key that a signature of some bytes is by; None if it is by none of them."""
    with TemporaryDirectory() as folder:
        allowed, signed_by = Path(folder, "allowed"), Path(folder, "signature")
        # Signers are called by numbers, for a name could be taken for an option.
        lines = (f'{number} namespaces="{NAMESPACE}" {key}\n' for number, key in keys.items())
        allowed.write_text("".join(lines), encoding="ascii")
        signed_by.write_bytes(signature)
        found = _call("-q", "-Y", "find-principals", "-f", str(allowed), "-s", str(signed_by))
        number = found.stdout.decode(errors="replace").strip()
        call = ["-q", "-Y", "verify", "-f", str(allowed), "-I", number, "-n", NAMESPACE, "-s", str(signed_by)]
        if number.isdecimal() and _call(*call, data=data).returncode == 0:
            return int(number)
    return None


def _run(*words: str, why: str, file: Path, data: bytes = b"") -> bytes:
    done = _call(*words, data=data)
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()
        raise RefusedError(why.format(file=file), why=lines[-1] if lines else None)
    return done.stdout


def _call(*words: str, data: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603  of what is not fixed each is a path behind its option
        [_program(), *words], input=data, capture_output=True, timeout=_SECONDS, check=False
    )


def _program() -> str:
    found = shutil.which(PROGRAM)
    if found is None:
        raise RefusedError(
            _("There is no {program} on this machine, which signs and verifies bundles.").format(program=PROGRAM),
            instead=_("Install OpenSSH: apt install openssh-client; on Windows the optional feature OpenSSH Client."),
        )
    return found
