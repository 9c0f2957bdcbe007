"""What an operator says about mail: the table ``[channels.email]`` with ``journal``, ``bounces`` and ``dkim`` below it.

Only form is checked here. A secret is named, never written: by an environment variable, a file, or a program that prints it.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from digests.credentials import from_environment, from_file, from_program
from digests.spec import Address

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_LOCAL_PART = 64
TOKEN_LENGTH = 16
"""Of the mark that follows ``+`` in the address that bounces go to."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _has_room_for_a_token(address: str) -> str:
    local = address.rpartition("@")[0]
    if "+" in local or len(local) + 1 + TOKEN_LENGTH > LONGEST_LOCAL_PART:
        longest = LONGEST_LOCAL_PART - TOKEN_LENGTH - 1
        raise ValueError(f'{address!r} must have no "+" before the @, and at most {longest} characters there')
    return address


class Login(_Table):
    """A server and how we are known to it."""

    host: str = Field(min_length=1)
    """Name of the mail server."""
    username: str = ""
    """Who we are to the server; empty for one that asks nobody."""
    auth: Literal["password", "xoauth2"] = "password"
    """``xoauth2`` when the secret is an access token, as Microsoft and Google want it."""
    password_env: str = ""
    """Name of the environment variable that holds the password or token."""
    password_file: Path | None = None
    """File whose first line is the password or token."""
    password_command: tuple[str, ...] = ()
    """Program with its arguments that prints the password or token on its first line; it is run for each login."""
    ca_file: Path | None = None
    """Certificates to trust instead of this machine's own: for a server whose certificate you made yourself."""

    @model_validator(mode="after")
    def _secrets_agree(self) -> Self:
        named = [
            key
            for key in ("password_env", "password_file", "password_command")
            if getattr(self, key) not in ("", None, ())
        ]
        if len(named) > 1:
            raise ValueError(f"{' and '.join(named)} are both given; one of them must go")
        if self.username and not named:
            raise ValueError("username needs password_env, password_file or password_command")
        return self

    def password(self) -> str:
        """Read the secret now from where the settings say. Raises ConfigError when it is not there."""
        if self.password_file is not None:
            return from_file(self.password_file, "[channels.email] password_file")
        if self.password_command:
            return from_program(self.password_command, "[channels.email] password_command")
        return from_environment(self.password_env, "[channels.email] password_env")

    def xoauth2(self) -> str:
        """Write the answer to ``AUTH XOAUTH2``. Raises ConfigError when there is no token."""
        return f"user={self.username}\x01auth=Bearer {self.password()}\x01\x01"

    def refuse_clear_passwords(self, security: str) -> None:
        """Raise ValueError when a password would travel over a network in clear."""
        if self.username and security == "none" and self.host not in LOCAL:
            raise ValueError(f"a password would travel to {self.host} in clear: choose another security")


class Mailbox(Login):
    """A folder of a mailbox, read over IMAP."""

    port: int = Field(default=993, ge=1, le=65535)
    """993 for tls, 143 for starttls."""
    security: Literal["tls", "starttls", "none"] = "tls"
    """``none`` reads in clear: for a server on this machine."""
    folder: str = Field(default="INBOX", pattern=r'^[^"\\\r\n\x00]{1,200}$')
    """Folder of the mailbox."""
    timeout_s: float = Field(default=30, gt=0, le=600)
    """Time that the server may take for one answer."""

    @model_validator(mode="after")
    def _no_clear_password(self) -> Self:
        self.refuse_clear_passwords(self.security)
        return self


class Journal(Mailbox):
    """``[channels.email.journal]``: a mailbox that gets a copy of every mail, and is asked when nobody saw the answer."""

    address: Address
    """Address of the mailbox; it is written to beside each recipient, who does not see it."""
    grace_min: float = Field(default=30, ge=0, le=1440)
    """Minutes that a copy may take to come; what is not there then did not arrive."""

    @property
    def grace(self) -> timedelta:
        """How long a copy may take to come."""
        return timedelta(minutes=self.grace_min)


class Bounces(Mailbox):
    """``[channels.email.bounces]``: the mailbox that undeliverable mail comes back to."""

    address: Annotated[Address, AfterValidator(_has_room_for_a_token)]
    """Mail is sent from ``name+token@domain`` of this address, so that each bounce names its mail; the server must deliver
    every such address to this mailbox."""


class Dkim(_Table):
    """``[channels.email.dkim]``: a signature of our own; needs ``returnwatch[dkim]``. Usually the relay signs."""

    domain: str = Field(pattern=r"^[A-Za-z0-9.-]{3,253}$")
    """Domain that signs: that of the sender, or one above it."""
    selector: str = Field(pattern=r"^[A-Za-z0-9.-]{1,63}$")
    """Under which the public key stands: ``<selector>._domainkey.<domain>``."""
    key_file: Path
    """Private RSA key as PEM; readable by its owner alone."""


class PgpKey(_Table):
    """``[[channels.email.pgp]]``: a recipient whose mail is encrypted; needs the program gpg."""

    address: Address
    """Whoever it is; nothing is ever sent there in clear."""
    key_file: Path
    """Public key of the recipient, as exported by `gpg --export --armor`."""


class SmimeCertificate(_Table):
    """``[[channels.email.smime]]``: a recipient whose mail is encrypted with a certificate; needs no other program."""

    address: Address
    """Whoever it is; nothing is ever sent there in clear."""
    certificate_file: Path
    """Certificate of the recipient, as PEM or DER, with an RSA key. You vouch for it: no chain is checked."""


class EmailSettings(Login):
    """The table ``[channels.email]``: the server that takes mail from us, and who we are to it."""

    port: int = Field(default=587, ge=1, le=65535)
    """587 for starttls, 465 for tls, 25 for a relay of one's own."""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """``none`` sends in clear: for a relay on this machine or in one's own network."""
    sender: Address
    """Address that the digest comes from."""
    reply_to: Address | None = None
    """Who reads answers and requests to stop; the sender when empty."""
    timeout_s: float = Field(default=30, gt=0, le=600)
    """Time that the server may take for one answer, but for the last."""
    final_timeout_s: float = Field(default=600, gt=0, le=3600)
    """Time that the server may take to accept a message once it has all of it; RFC 5321 asks for ten minutes."""
    connections: int = Field(default=2, ge=1, le=4)
    """Mails that are handed over at the same time."""
    journal: Journal | None = None
    """Where copies of all mail lie, to be asked for; without it a mail of unknown fate waits for a person."""
    bounces: Bounces | None = None
    """Where undeliverable mail comes back to; without it bounces go to the sender and are not understood."""
    pgp: tuple[PgpKey, ...] = ()
    """Recipients whose mail is encrypted with PGP, as tables `[[channels.email.pgp]]`."""
    smime: tuple[SmimeCertificate, ...] = ()
    """Recipients whose mail is encrypted with S/MIME, as tables `[[channels.email.smime]]`."""
    dkim: Dkim | None = None
    """Our own signature; without it the relay signs, or nobody."""

    @model_validator(mode="after")
    def _no_clear_password(self) -> Self:
        self.refuse_clear_passwords(self.security)
        return self

    @model_validator(mode="after")
    def _one_way_to_encrypt(self) -> Self:
        named = [key.address.lower() for key in self.pgp] + [key.address.lower() for key in self.smime]
        twice = sorted({address for address in named if named.count(address) > 1})
        if twice:
            raise ValueError(
                f"[[pgp]] and [[smime]] name {', '.join(twice)} more than once; keep one key for each address"
            )
        return self
