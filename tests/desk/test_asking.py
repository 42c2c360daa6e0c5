"""`frontdesk ask` and `frontdesk chat` at a terminal, and how they end."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from clinic.settings import ROOT, Settings

Command = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def command() -> Iterator[Command]:
    """Starts `frontdesk` with a home of its own and a standard input that stays open."""
    home = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    (home / "encoder").symlink_to(Settings.read({}).encoder)
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        environ = {**os.environ, "FRONTDESK_HOME": str(home), "DATABASE_URL": ""}
        started.append(subprocess.Popen([sys.executable, "-c", "from desk.cli import main; main()", *arguments],
                                        cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
    shutil.rmtree(home, ignore_errors=True)


def _interrupted(process: "subprocess.Popen[bytes]") -> str:
    """What *process* says to Ctrl-C; it ends quickly, with the code of who was interrupted, and leaves nothing."""
    family = psutil.Process(process.pid).children(recursive=True)
    assert family, "no database was running"
    process.send_signal(signal.SIGINT)
    assert process.stderr
    assert process.wait(20) == 130
    _, left = psutil.wait_procs(family, 5)
    assert left == []
    return process.stderr.read().decode()


def test_ctrl_c_while_it_waits_for_the_next_question_ends_it(command: Command) -> None:
    asking = command("ask", "--json")
    assert asking.stdin
    assert asking.stdout
    asking.stdin.write(b"what are your prices\n")
    asking.stdin.flush()
    assert b"clinic_fact" in asking.stdout.readline()  # answered before the next line is there
    assert "Traceback" not in _interrupted(asking)


def test_ctrl_c_ends_a_chat(command: Command) -> None:
    chatting = command("chat")
    assert chatting.stdout
    assert chatting.stdout.read(2) == b"> "
    assert "Traceback" not in _interrupted(chatting)


def test_a_chat_ends_with_its_input(command: Command) -> None:
    chatting = command("chat")
    said, errors = chatting.communicate(b"what are your prices\n", timeout=60)
    assert b"[clinic_fact]" in said
    assert b"Traceback" not in errors
    assert chatting.returncode == 0
