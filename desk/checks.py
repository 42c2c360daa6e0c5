"""What may be wrong with an installation: one look each, with the remedy beside it."""
import hashlib
import ipaddress
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from packaging.requirements import Requirement

from clinic.clock import utc_now
from clinic.errors import ClinicError
from clinic.knowledge.content import load
from clinic.knowledge.problems import ContentError
from clinic.safety.rules import SafetyRules
from clinic.safety.signature import Signature, standing
from clinic.settings import ROOT, Settings
from clinic.store.condition import condition
from clinic.store.embedded import database
from desk.training import fingerprint

PYTHONS = ((3, 11), (3, 13))
ROOM_MB = 500
"""Free disk below which a database may not live for long."""
NAMED = 3
"""How many of many are named."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found: *said* is what there is or what is wrong; *remedy* is empty where nothing is."""

    name: str
    ok: bool
    said: str
    remedy: str = ""


def python() -> Finding:
    here = sys.version.split()[0]
    return Finding("Python", PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1], here, "Install Python 3.11 and run "
                   "`make setup PYTHON=python3.11`.")


def packages() -> Finding:
    """Whether what is installed is what requirements.lock pins."""
    pins, here = _here(), dict(installed())
    other = [f"{pin.name} is {here[pin.name]}" for pin in pins if not pin.specifier.contains(here[pin.name])]
    said = f"{len(other)} not as pinned: {', '.join(other[:NAMED])}" if other else f"{len(pins)} as pinned"
    return Finding("Packages", not other, said, "Run `make setup`; if that changes nothing, `rm -rf .venv` first.")


def installed() -> list[tuple[str, str]]:
    """What requirements.lock pins for this machine, each with the version that is here."""
    return [(pin.name, _installed(pin.name)) for pin in _here()]


def _here() -> list[Requirement]:
    return [pin for pin in _pins(ROOT / "requirements.lock") if not pin.marker or pin.marker.evaluate()]


def encoder(settings: Settings) -> Finding:
    """Whether the sentence encoder is there, as set-up exported it."""
    stamp = settings.encoder / "stamp"
    exported = stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []
    digest = hashlib.sha256()
    for file in (settings.encoder / "tokenizer.json", settings.encoder / "encoder.onnx"):
        digest.update(file.read_bytes() if file.is_file() else b"")
    whole = exported[1:] == [digest.hexdigest()]
    return Finding("Sentence encoder", whole, str(settings.encoder) if whole else f"{settings.encoder} is missing, or "
                   "not as it was exported", "Run `make setup`.")


def model(settings: Settings) -> Finding:
    """Whether there is a model, made from the data, the code and the encoder as they are now."""
    stamp, remedy = settings.model.with_suffix(".stamp"), "Run `frontdesk train --if-changed`."
    if not settings.model.is_file():
        return Finding("Model", False, f"{settings.model} is missing", remedy)
    fresh = stamp.is_file() and stamp.read_text() == fingerprint(settings)
    return Finding("Model", fresh, str(settings.model) if fresh else "something that it is made of has changed", remedy)


def content(settings: Settings) -> Finding:
    """Whether what the clinic says would be published."""
    remedy = "`frontdesk content check` names file, line and what to do."
    try:
        read = load(settings.content)
    except ContentError as error:
        first, count = error.problems[0], len(error.problems)
        return Finding("Content", False, f"{count} to mend in {settings.content}, first {first.file}:{first.line}: "
                       f"{first.wrong}", remedy)
    return Finding("Content", True, f"{len(read.articles)} articles, {len(read.faqs)} questions in {settings.content}")


def safety(settings: Settings) -> Finding:
    """Whether the signs of danger can be read, and for a clinic of its own, whether somebody answers for them."""
    try:
        rules = SafetyRules.load(settings.content)
        clinic = load(settings.content).clinic
        today = utc_now().astimezone(clinic.zone).date()
        signed = standing(rules, Signature.read(settings.content), clinic.scope, today)
    except ContentError:
        return Finding("Safety rules", True, "read; who signed them shows once the content is mended")
    except ClinicError as error:
        return Finding("Safety rules", False, str(error).splitlines()[0], "Nothing is served "
                       "without them.")
    if not signed.signed and not clinic.sample and not settings.safety_unsigned:
        return Finding("Safety rules", False, signed.why, "`frontdesk safety review` prints what to read, `frontdesk "
                       "safety sign` keeps who signed; or set SAFETY_UNSIGNED='accept: who, and why'.")
    return Finding("Safety rules", True, signed.why)


async def store(settings: Settings) -> Finding:
    """Whether there is a database: the clinic's own, or the built-in one, running or started for this look."""
    remedy = ("Check DATABASE_URL, and that its server runs; without it the built-in one is used."
              if settings.database_url else f"See {settings.home / 'database' / 'server.log'}.")
    try:
        async with database(settings.database_url, settings.home) as dsn:
            said = await condition(dsn)
    except ClinicError as error:
        return Finding("Database", False, str(error), remedy)
    return Finding("Database", True, f"{said}, {'by DATABASE_URL' if settings.database_url else 'built in'}")


def port(settings: Settings) -> Finding:
    """Whether the door's port is free, or ours already."""
    where = f"{settings.host}:{settings.port}"
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except (OSError, UnicodeError, TypeError) as error:  # the latter two: HOST is no name at all
            if is_ours(settings):
                return Finding("Port", True, f"{where}, served by a running frontdesk")
            why = error.strerror if isinstance(error, OSError) else error
            return Finding("Port", False, f"can't listen on {where}: {why}", "End what listens there, or "
                           f"use another: PORT={settings.port + 1} make run. HOST must be an address of this machine.")
    return Finding("Port", True, f"{where} is free")


def disk(settings: Settings) -> Finding:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free // 2**20
    return Finding("Disk", free >= ROOM_MB, f"{free} MB free in {folder}",
                   f"Make room: the database wants {ROOM_MB} MB.")


def addresses(settings: Settings) -> Finding:
    """Whether HOST, PUBLIC_URL and ALLOWED_ORIGINS go together."""
    wrong = list(_odd_addresses(settings))
    return Finding("Addresses", not wrong, "; ".join(wrong) or f"{settings.public_url}, listening on {settings.host}",
                   "See docs/embedding.md.")


def told(settings: Settings) -> Finding:
    """Whether a clinic of its own hears of requests and hand-offs."""
    ways = ["by mail"] * (settings.smtp_url is not None) + ["in the staff chat"] * settings.has_staff_chat
    return Finding("Notices", bool(ways) or _sample(settings),
                   " and ".join(ways) or "only in the log, and `frontdesk requests`",
                   "Set SMTP_URL and NOTIFY_TO, or TELEGRAM_STAFF_CHAT, so that somebody hears of a request.")


def _sample(settings: Settings) -> bool:
    """Whether what is served is a sample, by its own word."""
    try:
        return load(settings.content).clinic.sample
    except ContentError:
        return False  # told by `content`


def _odd_addresses(settings: Settings) -> Iterator[str]:
    public, local = urlsplit(settings.public_url), _loopback(settings.host)
    here = _loopback(public.hostname or "")
    if not here and public.scheme == "http":
        yield f"PUBLIC_URL {settings.public_url} is not encrypted, and people will write of their health: use https"
    if here and not local:
        yield f"HOST={settings.host} lets others in, but PUBLIC_URL is {settings.public_url}: set it to what they type"
    if here and (public.port or 80) != settings.port:
        yield f"PUBLIC_URL says {settings.public_url}, but PORT is {settings.port}"
    for origin in settings.allowed_origins:
        parts = urlsplit(origin)
        if parts.path:
            yield f"ALLOWED_ORIGINS takes {parts.scheme}://{parts.netloc} without {parts.path}"
        if parts.scheme == "http" and not _loopback(parts.hostname or ""):
            yield f"ALLOWED_ORIGINS has {origin}, which is not encrypted: use https"


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_ours(settings: Settings) -> bool:
    """Whether it is a server of ours that has the door's port."""
    try:
        found = httpx.get(f"{here(settings)}/openapi.json", timeout=5, trust_env=False).json()
        return "/v1/conversations" in found["paths"]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return False


def here(settings: Settings) -> str:
    """The door's address as this machine reaches it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - asked, not bound
    return f"http://{host}:{settings.port}"


def _pins(lock: Path) -> Iterator[Requirement]:
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            yield Requirement(line.removesuffix("\\").strip())


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0+missing"
