"""the bytes of a mail → the same, readable by its recipient alone: PGP/MIME (RFC 3156), by the program gpg.

gpg gets an empty home for each mail, so that no keyring of this machine takes part: only the file that was named counts.
"""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from cases.errors import DeliveryError
from digests.sealing import NEVER_IN_CLEAR, inside, outside

_PATIENCE_S = 30


def sealed(mail: bytes, key_file: Path) -> bytes:
    """Encrypt a mail to the key in a file. Raises DeliveryError: it names the file, and repeats nothing of the mail."""
    shown = outside(mail)
    armoured = _encrypted(inside(mail, shown), key_file).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    mark = b"=_" + hashlib.blake2b(armoured, digest_size=16).hexdigest().encode()
    return b"\r\n".join(
        (
            *shown,
            b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";',
            b' boundary="' + mark + b'"',
            b"",
            b"--" + mark,
            b"Content-Type: application/pgp-encrypted",
            b"",
            b"Version: 1",
            b"",
            b"--" + mark,
            b'Content-Type: application/octet-stream; name="encrypted.asc"',
            b"",
            armoured,
            b"--" + mark + b"--",
            b"",
        )
    )


def _encrypted(content: bytes, key_file: Path) -> bytes:
    told = f"cannot be encrypted to {key_file}, {NEVER_IN_CLEAR}"
    with tempfile.TemporaryDirectory(prefix="returnwatch-") as home:
        command = (
            *("gpg", "--homedir", home, "--batch", "--no-tty", "--trust-model", "always", "--no-auto-key-locate"),
            *("--armor", "--recipient-file", str(key_file), "--encrypt"),
        )
        try:
            ran = subprocess.run(  # noqa: S603 - a fixed program; the operator names the file
                command, input=content, capture_output=True, check=True, timeout=_PATIENCE_S
            )
        except FileNotFoundError as cause:
            raise DeliveryError(f"{told}: gpg is not installed (apt-get install gpg)") from cause
        except subprocess.CalledProcessError as cause:
            why = cause.stderr.decode("utf-8", "replace").strip().splitlines()
            raise DeliveryError(f"{told}: {why[-1] if why else 'gpg failed'}") from None
        except (OSError, subprocess.TimeoutExpired) as cause:
            raise DeliveryError(f"{told}: {type(cause).__name__}") from None
    if not ran.stdout.startswith(b"-----BEGIN PGP MESSAGE-----"):
        raise DeliveryError(f"{told}: gpg gave no message")
    return ran.stdout
