"""Will a mail be taken by our server, and believed by others'? No mail is sent."""

from collections.abc import Callable, Iterator

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, resolve

from cases.errors import WatchError
from digests.channels import Channel, Probed, open_channel
from digests.mailserver import Dkim, EmailSettings
from digests.signing import Signer
from scheduler.doctor.premises import Check, Configured, Finding

_PATIENCE_S = 10.0


def used_channels(at: Configured) -> Iterator[tuple[str, Channel]]:
    """Open every channel that a digest uses; those that cannot be opened are told by ``plans.channels``."""
    for name in dict.fromkeys(name for spec in at.settings.digests for name in spec.channels):
        try:
            yield name, open_channel(name, at.settings.channels.get(name))
        except WatchError:
            continue


def servers(at: Configured) -> Iterator[Finding]:
    """Does each server answer, prove who it is, and accept our login?"""
    for name, channel in used_channels(at):
        if isinstance(channel, Probed):
            try:
                channel.probe()
            except WatchError as fault:
                yield Finding(
                    subject=f"[channels.{name}]",
                    words=str(fault),
                    mend=_mend_of(fault),
                )


def _mend_of(fault: WatchError) -> str:
    words = str(fault)
    if "encrypted" in words:
        return "ask the recipient for a public key that holds, and export it with gpg --export --armor"
    if "certificate" in words:
        return "name the server as its certificate does; for one of your own, let this machine trust its authority (update-ca-certificates)"
    if "login" in words or "password" in words:
        return "correct username and password; many providers want a password made for this program alone"
    if "STARTTLS" in words:
        return 'set security = "tls" and port = 465, or "none" for a relay on this machine'
    return "correct host and port, and see that no firewall closes the port; providers often close 25"


def domain(at: Configured) -> Iterator[Finding]:
    """Does the sender's domain say who may send for it? Asks the internet, and only with ``--online``."""
    for name, channel in used_channels(at) if at.online else ():
        settings = getattr(channel, "settings", None)
        if name == "email" and isinstance(settings, EmailSettings):
            yield from domain_findings(settings.sender.partition("@")[2], texts_of)
            if settings.dkim:
                yield from key_findings(settings.dkim, texts_of)


def domain_findings(name: str, texts: Callable[[str], list[str]]) -> Iterator[Finding]:
    """Judge the records of a sender's domain; ``texts`` gives the TXT records of a name."""
    try:
        policies = [text for text in texts(name) if text.lower().startswith("v=spf1")]
        reports = [text for text in texts(f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")]
    except DNSException as fault:
        yield Finding(
            subject=f"DNS of {name}",
            words=f"its records cannot be looked up: {fault}",
            mend="see that this machine resolves names, and try again",
            grave=False,
        )
        return
    if len(policies) != 1:
        yield Finding(
            subject=f"SPF of {name}",
            words="there is no record of it"
            if not policies
            else f"there are {len(policies)} records, and only one may stand",
            mend=f'let the domain\'s owner add one TXT record to {name}, such as "v=spf1 include:your-provider -all"',
            grave=False,
        )
    if not reports:
        yield Finding(
            subject=f"DMARC of {name}",
            words="there is no record of it; large providers put such mail aside",
            mend=f'let the domain\'s owner add a TXT record to _dmarc.{name}, such as "v=DMARC1; p=none"',
            grave=False,
        )


def key_findings(dkim: Dkim, texts: Callable[[str], list[str]]) -> Iterator[Finding]:
    """Judge the record that our signatures are checked against."""
    name = f"{dkim.selector}._domainkey.{dkim.domain}"
    try:
        records = texts(name)
    except DNSException as fault:
        yield Finding(
            subject=f"DKIM of {name}",
            words=f"its record cannot be looked up: {fault}",
            mend="see that this machine resolves names, and try again",
            grave=False,
        )
        return
    signer = Signer(dkim)
    if not any(signer.believed(record) for record in records):
        told = (
            "there is no record of it" if not records else "its record does not belong to the key that signs our mail"
        )
        yield Finding(
            subject=f"DKIM of {name}",
            words=f"{told}: every signature of ours is taken for forged",
            mend=f'let the domain\'s owner add a TXT record to {name}: "v=DKIM1; k=rsa; p=" and the public key, which '
            f"openssl rsa -in {dkim.key_file} -pubout prints",
            grave=False,
        )


def texts_of(name: str) -> list[str]:
    """Give the TXT records of a name; none where there are none. Raises DNSException."""
    try:
        answers = resolve(name, "TXT", lifetime=_PATIENCE_S)
    except (NXDOMAIN, NoAnswer):
        return []
    return [b"".join(answer.strings).decode("utf-8", "replace") for answer in answers]


CHECKS = (
    Check(name="mail server", look=servers),
    Check(name="mail domain", look=domain),
)
