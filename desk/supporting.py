"""`frontdesk support`: one file for whoever helps from afar, with nobody's data, no word of anybody's and no secret.

What goes in is listed, not what stays out: a value is shown where it is known to be harmless, and counted elsewhere."""
import re
import zipfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from clinic.errors import ClinicError
from clinic.settings import Settings
from clinic.store.embedded import database
from desk import support_parts

Part = Callable[[Settings], Awaitable[str]]
PARTS: dict[str, tuple[str, Part]] = {
    "about.txt": ("versions, and what it runs on", support_parts.about),
    "settings.txt": ("settings; of secrets, names and addresses only whether they are set", support_parts.settings_of),
    "doctor.txt": ("what `frontdesk doctor` finds", support_parts.doctor),
    "database.txt": ("its release, and how many rows each table has", support_parts.tables),
    "queues.txt": ("what waits and since when; work and deliveries by state", support_parts.queues),
    "faults.txt": ("where the last turns failed: lines of code and kinds of exception", support_parts.faults),
    "content.txt": ("how many articles and questions there are, and how many are open", support_parts.content),
    "channels.txt": ("which are set up, and when something last came or went", support_parts.channels),
    "metrics.txt": ("what /metrics says, if the server runs", support_parts.metrics),
}
"""What is in the archive, in words for whoever is to send it, and how it is had."""
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
SHORTEST = 4
"""Characters of a secret that is looked for: a shorter one would blacken half of the text."""


class AlreadyThere(ClinicError):
    """The file is there already."""


async def support(settings: Settings, file: Path) -> None:
    """Write the archive to *file* and print what is in it. Raises AlreadyThere."""
    if file.exists():
        raise AlreadyThere(f"{file} is there already. Name another file.")
    hide = hidden(settings)
    async with AsyncExitStack() as stack:
        with suppress(ClinicError):  # each part then says for itself that it can't be had
            await stack.enter_async_context(database(settings.database_url, settings.home))
        whole = {name: hide(await _tried(part, settings)) for name, (_, part) in PARTS.items()}
    with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as archive:
        for name, text in whole.items():
            archive.writestr(name, text)
    file.chmod(0o600)
    print(f"{file}:")
    for name, (what, _) in PARTS.items():
        print(f"  {name:<13} {what} ({len(whole[name].splitlines())} lines)")
    print("Made without anybody's data, words or secrets. Open it and look before you send it.")


async def _tried(part: Part, settings: Settings) -> str:
    """A part that can't be had must not cost the others: it is what the archive is about."""
    try:
        return await part(settings)
    except Exception as error:  # its text may hold anything
        return f"can't be had: {type(error).__name__}\n"


def hidden(settings: Settings) -> Callable[[str], str]:
    """What takes out of a text whatever should not have got into it: secrets that are set, mail addresses, the name of
    the account."""
    secret = sorted({value for value in _secrets(settings) if len(value) >= SHORTEST}, key=len, reverse=True)
    home = str(Path.home())

    def hide(text: str) -> str:
        for value in secret:
            text = text.replace(value, "[hidden]")
        return MAIL.sub("[hidden]", text.replace(home, "~") if len(home) > 1 else text)

    return hide


def _secrets(settings: Settings) -> Iterator[str]:
    for address in filter(None, (settings.database_url, settings.smtp_url, settings.public_url,
                                 *settings.allowed_origins)):
        parts = urlsplit(address)
        yield from (parts.username or "", parts.password or "", unquote(parts.password or ""))
    for address in filter(None, (settings.database_url, settings.smtp_url)):
        yield from (address, urlsplit(address).netloc)
    yield from (settings.notify_to or "", settings.mail_from or "", settings.safety_unsigned)
    for login in settings.caldav.values():
        yield from login
    if settings.telegram:
        yield settings.telegram.token
    if settings.whatsapp:
        yield from (settings.whatsapp.token, settings.whatsapp.app_secret, settings.whatsapp.verify_token,
                    settings.whatsapp.number, settings.whatsapp.phone_id)
    if settings.twilio:
        yield from (settings.twilio.token, settings.twilio.account, settings.twilio.sender)
