"""Starts the real server as a child, on a free port with a home of its own, for drills and benchmarks."""
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`frontdesk run`, and how to wait for it, end it, or kill it."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "encoder").exists():
            (home / "encoder").symlink_to(ROOT / "var" / "encoder")
        self._environ = {**os.environ, "PORT": str(self.port), "FRONTDESK_HOME": str(home),
                         "PUBLIC_URL": self.url, **environ}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, patience: float = 60.0) -> float:
        """Start it and wait until a message would be answered; the seconds that took."""
        began = time.monotonic()
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from desk.cli import main; main()", "run"], cwd=ROOT, env=self._environ,
                stdout=log, stderr=log, start_new_session=True)
        while time.monotonic() - began < patience:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: see {self.home / 'server.log'}")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return time.monotonic() - began
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the server is not ready after {patience:.0f} s")

    def kill(self) -> None:
        """kill -9, as a power cut would: no chance to tidy anything."""
        assert self.process
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
