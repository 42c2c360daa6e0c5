"""Starts the real server as a child, on a free port with a home of its own, for drills and benchmarks."""
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from clinic.settings import ROOT, Settings

CHANNELS = ("TELEGRAM_TOKEN", "TELEGRAM_STAFF_CHAT", "WHATSAPP_TOKEN", "WHATSAPP_PHONE_ID", "WHATSAPP_APP_SECRET",
            "WHATSAPP_VERIFY_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
"""Settings of channels: nobody there is written to."""
PASSWORD = "four plain words here"
"""Of everybody at the desk there."""
FAREWELL = 30.0
"""Seconds that a child gets to stop by itself."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Child:
    """A program that runs until it is told to stop. What it says goes to the end of *log*."""

    def __init__(self, command: Sequence[str | Path], log: Path, environ: Mapping[str, str],
                 folder: Path = ROOT) -> None:
        self._command, self.log, self.environ, self._folder = command, log, environ, folder
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command, cwd=self._folder, env=self.environ, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, start_new_session=True)

    def kill(self) -> None:
        """kill -9, as a power cut would: no chance to tidy anything."""
        assert self.process
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As Ctrl-C would; what doesn't mind that is killed. Nothing where it doesn't run."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self.kill()


class Server(Child):
    """`frontdesk run`, and how to wait for it, end it, or kill it."""

    command: tuple[str, ...] = ("-c", "from desk.cli import main; main()", "run")
    """What Python is given."""
    ready = "/readyz"
    """Answers 200 once it is there."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "encoder").exists():
            (home / "encoder").symlink_to(Settings.read().encoder)
        # Whatever the clinic's own settings say: its database stays out of this, and nobody there gets mail.
        ours = {"PORT": str(self.port), "FRONTDESK_HOME": str(home), "HOST": "127.0.0.1", "PUBLIC_URL": self.url,
                "DATABASE_URL": "", "SMTP_URL": "", "WORKERS": "1", **dict.fromkeys(CHANNELS, "")}
        super().__init__([sys.executable, *self.command], home / "server.log",
                         {**os.environ, **ours, **environ})

    def start(self, patience: float = 60.0) -> float:
        """Start it and wait until a message would be answered; the seconds that took."""
        began = time.monotonic()
        self.begin()
        assert self.process
        while time.monotonic() - began < patience:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: see {self.home / 'server.log'}")
            try:
                if httpx.get(f"{self.url}{self.ready}", timeout=2).status_code == 200:
                    return time.monotonic() - began
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the server is not ready after {patience:.0f} s")

    def employs(self, name: str, role: str = "reception") -> None:
        """*name* may sign in at its desk, with PASSWORD."""
        subprocess.run([sys.executable, "-c", "from desk.cli import main; main()", "desk", "add-user", name, "--role",
                        role], cwd=ROOT, env=self.environ, input=f"{PASSWORD}\n", text=True, check=True,
                       capture_output=True, timeout=120)
