"""A real CalDAV server on this machine, for tests: Radicale, with a login and one calendar for each therapist."""
import asyncio
import socket
import sys
from pathlib import Path

import caldav
import httpx

LOGIN = ("desk", "a secret")


class Radicale:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names: dict[str, str] = {}
        """What the calendars of the therapists are called."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self._port = taken.getsockname()[1]
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Also again, after `stop`: what it holds is kept."""
        users = self._folder / "users"
        users.write_text(":".join(LOGIN), encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "radicale", "--config", "", "--hosts", f"127.0.0.1:{self._port}", "--auth-type",
            "htpasswd", "--auth-htpasswd-filename", str(users), "--auth-htpasswd-encryption", "plain",
            "--auth-delay", "0", "--storage-filesystem-folder", str(self._folder / "collections"),
            "--logging-level", "error")
        async with asyncio.timeout(20), httpx.AsyncClient(trust_env=False) as client:
            while True:
                try:
                    await client.get(f"http://127.0.0.1:{self._port}/")
                    return
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)

    async def stop(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self._port}/{LOGIN[0]}/{name}/"

    def calendar(self, name: str) -> caldav.Calendar:
        """The calendar as another program sees it."""
        client = caldav.DAVClient(self.address(""), username=LOGIN[0], password=LOGIN[1], enable_rfc6764=False,
                                  require_tls=False)
        return client.calendar(url=self.address(name))

    def make(self, name: str) -> None:
        httpx.request("MKCALENDAR", self.address(name), auth=LOGIN, trust_env=False).raise_for_status()
