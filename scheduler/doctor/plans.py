"""Does the configuration say something that can come true? Sources, digests, channels, secrets."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cases.errors import ConfigError, PluginError
from crawler.sources import Source, load_source
from crawler.wire.rendering import need_browser
from digests.channels import open_channel
from scheduler.doctor.premises import Check, Configured, Finding
from scheduler.secrets import ENVIRONMENT, named_secrets, password_of
from scheduler.settings import FILE, SOURCES

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def sound_sources(folder: Path) -> dict[str, Source]:
    """Read the source files that can be read; what is wrong with the others is told by ``source_files``."""
    sound = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            sound[path.stem] = load_source(path)
        except ConfigError:
            continue
    return sound


def source_files(at: Configured) -> Iterator[Finding]:
    """Can every source file be read? One that cannot stops the start of everything."""
    for path in sorted((at.folder / SOURCES).glob("*.toml")):
        if path.stem in at.sources:
            continue
        try:
            load_source(path)
        except ConfigError as fault:
            yield Finding(
                subject=f"{SOURCES}/{path.name}",
                words=str(fault),
                mend="correct the file, or take it out of the folder; docs/reference.md explains every key",
                command=f"returnwatch sources check {path.stem}",
            )


def watched(at: Configured) -> Iterator[Finding]:
    """Is anything watched at all?"""
    if not any(source.enabled for source in at.sources.values()):
        yield Finding(
            subject=SOURCES,
            words=f"no source is switched on, of {len(at.sources)}: nothing will ever be collected",
            mend="set enabled = true in the files of those that you want, or add one",
            command="returnwatch sources add URL",
        )


def contact(at: Configured) -> Iterator[Finding]:
    """Can the owner of a site reach whoever visits it?"""
    if not at.settings.collection.contact:
        yield Finding(
            subject="[collection] contact",
            words="it is not set, so sites see a visitor without an address; some refuse such visitors",
            mend='set contact = "watch@your-organisation.org"',
            grave=False,
        )


def browser(at: Configured) -> Iterator[Finding]:
    """Is there a browser for the sources that need one?"""
    for source in at.sources.values():
        if source.enabled and source.javascript:
            try:
                need_browser(source.name)
            except ConfigError as fault:
                yield Finding(
                    subject=f"{SOURCES}/{source.name}.toml",
                    words=str(fault),
                    mend="install what is missing, or set enabled = false for the source",
                    command="pip install 'returnwatch[javascript]' && apt-get install chromium",
                )


def channels(at: Configured) -> Iterator[Finding]:
    """Is every channel that a digest names installed, and its table sound?"""
    for name in dict.fromkeys(name for spec in at.settings.digests for name in spec.channels):
        try:
            open_channel(name, at.settings.channels.get(name))
        except (ConfigError, PluginError) as fault:
            yield Finding(
                subject=f"[channels.{name}]",
                words=f"{fault}; the service does not start, since the digest could not go out",
                mend=f"correct the table [channels.{name}] in {FILE}, or take the channel out of the digest",
            )


def digests(at: Configured) -> Iterator[Finding]:
    """Will every digest ever tell anything, and to anybody?"""
    if not at.settings.digests:
        yield Finding(
            subject="[[digests]]",
            words="there is no digest: what is found stays in the store, and nobody is told",
            mend=f"add a table [[digests]] to {FILE}; docs/reference.md has its keys",
            grave=False,
        )
    for spec in at.settings.digests:
        where = f"[[digests]] {spec.name}"
        if set(spec.channels) == {"stdout"}:
            yield Finding(
                subject=where,
                words="it goes to standard output alone, which nobody reads while the service runs",
                mend='set channels = ["file"] or ["email"]',
                grave=False,
            )
        spoken = {
            code.partition("-")[0] for source in at.sources.values() if source.enabled for code in source.languages
        }
        wanted = {code.partition("-")[0] for code in spec.languages}
        if wanted and spoken and not wanted & spoken:
            yield Finding(
                subject=where,
                words=f"it tells only what is written in {', '.join(sorted(wanted))}, and no source that is switched on "
                "publishes in that: it will never have anything to tell",
                mend="correct its languages, or switch on a source that publishes in them",
            )


def secrets(at: Configured) -> Iterator[Finding]:
    """Is every secret that the configuration names there, and for its owner alone to read?"""
    for key, value in named_secrets(at.settings):
        if key.endswith(ENVIRONMENT) and not os.environ.get(value):
            yield Finding(
                subject=key,
                words=f"the environment variable {value} is empty or not set here; the service may have an environment of its own",
                mend=f"set {value} where the service is started, such as in /etc/default/returnwatch, and here to let this be checked",
            )
        elif not key.endswith(ENVIRONMENT):
            yield from _secret_file(key, Path(value))


def _secret_file(key: str, path: Path) -> Iterator[Finding]:
    try:
        found = path.stat()
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as cause:
        yield Finding(
            subject=f"{key} = {path}",
            words=f"the file of this secret cannot be read: {cause.strerror}",
            mend="write the file, for the service's user to read, or correct its path",
        )
        return
    if empty:
        yield Finding(
            subject=f"{key} = {path}", words="the file of this secret is empty", mend="write the secret into it"
        )
    if found.st_mode & _OTHERS:
        yield Finding(
            subject=f"{key} = {path}",
            words=f"its permissions are {stat.S_IMODE(found.st_mode):04o}: other users of this machine can read the secret or change it",
            mend="keep it for its owner alone; if the machine has other users, change the secret too",
            command=f"chmod 600 {path}",
        )


def writable_by_others(at: Configured) -> Iterator[Finding]:
    """Can anybody else on this machine rewrite the configuration, and so send digests elsewhere?"""
    for path in (at.folder, at.folder / FILE):
        mode = path.stat().st_mode
        if mode & stat.S_IWOTH:
            yield Finding(
                subject=str(path),
                words=f"its permissions are {stat.S_IMODE(mode):04o}: any user of this machine can change who gets the digests",
                mend="let only its owner write there",
                command=f"chmod o-w {path}",
            )


def password_in_url(at: Configured) -> Iterator[Finding]:
    """Does the configuration hold a password that others can read?"""
    path = at.folder / FILE
    mode = path.stat().st_mode
    if password_of(at.settings.store.url) and mode & _OTHERS:
        yield Finding(
            subject="[store] url",
            words=f"it holds a password, and {path} has the permissions {stat.S_IMODE(mode):04o}",
            mend="take the password out (PostgreSQL reads it from ~/.pgpass or $PGPASSFILE), or keep the file for its owner alone",
            command=f"chmod 600 {path}",
        )


CHECKS = (
    Check(name="source files", look=source_files),
    Check(name="watched", look=watched),
    Check(name="contact", look=contact),
    Check(name="browser", look=browser),
    Check(name="channels", look=channels),
    Check(name="digests", look=digests),
    Check(name="secrets", look=secrets),
    Check(name="permissions of the configuration", look=writable_by_others),
    Check(name="password in the address", look=password_in_url),
)
