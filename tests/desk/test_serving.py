"""Who may go live: `frontdesk run` as a process of its own."""
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from bench.server import Server
from clinic.settings import ROOT


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """The content of a clinic that is no sample any more."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    facts = tmp_path / "content" / "clinic.yml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("sample: true\n", ""), encoding="utf-8")
    return tmp_path / "content"


def test_a_real_clinic_is_not_served_before_somebody_signed_its_safety_rules(tmp_path: Path, real: Path) -> None:
    server = Server(tmp_path / "home", FRONTDESK_CONTENT=str(real))
    with pytest.raises(RuntimeError, match="the server ended"):
        server.start()
    assert "SAFETY_UNSIGNED='accept: who" in (tmp_path / "home" / "server.log").read_text(encoding="utf-8")


def test_it_is_served_where_that_was_accepted_and_says_so(tmp_path: Path, real: Path) -> None:
    server = Server(tmp_path / "home", FRONTDESK_CONTENT=str(real), SAFETY_UNSIGNED="accept: the manager, until Friday")
    server.start()
    try:
        told = httpx.get(f"{server.url}/v1/clinic").json()
        assert (told["sample"], told["unsigned"]) == (False, True)
        assert "No clinician" in told["notice"]
    finally:
        server.stop()


def test_a_second_start_on_the_same_port_says_what_to_do(tmp_path: Path) -> None:
    server = Server(tmp_path / "home")
    server.start()
    try:
        command = [sys.executable, "-c", "from desk.cli import main; main()", "run"]
        second = subprocess.run(command, cwd=ROOT, timeout=60, env=server.environ, capture_output=True, text=True,
                                check=False)
        assert second.returncode == 1
        assert f"PORT={server.port + 1}" in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        server.stop()


@pytest.mark.parametrize("host", ["nowhere", "192.0.2.1", "not a host", "a" * 70, "é" * 70])
def test_a_host_that_is_no_address_of_this_machine_is_told_in_one_line(host: str) -> None:
    command = [sys.executable, "-c", "from desk.cli import main; main()", "run"]
    ended = subprocess.run(command, cwd=ROOT, timeout=60, env={**os.environ, "HOST": host}, capture_output=True,
                           text=True, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert f"HOST={host}" in ended.stderr
    assert "HOST=0.0.0.0" in ended.stderr
    assert "PORT=" not in ended.stderr


def test_an_edit_is_live_within_seconds_and_a_broken_one_changes_nothing(tmp_path: Path, real: Path) -> None:
    server = Server(tmp_path / "home", FRONTDESK_CONTENT=str(real), SAFETY_UNSIGNED="accept: the manager, until Friday")
    server.start()
    facts = real / "clinic.yml"
    try:
        facts.write_text(facts.read_text("utf-8").replace("Harbour Lane Sports Massage", "Quayside Massage"))
        assert _becomes(server, "Quayside Massage")
        facts.write_text("name: [")
        facts.with_name("words.yml").touch()
        assert not _becomes(server, "[", tries=8)
        assert httpx.get(f"{server.url}/v1/clinic").json()["name"] == "Quayside Massage"
    finally:
        server.stop()


def _becomes(server: Server, name: str, tries: int = 40) -> bool:
    for _ in range(tries):
        if httpx.get(f"{server.url}/v1/clinic").json()["name"] == name:
            return True
        time.sleep(0.25)
    return False


def test_a_database_that_died_is_answered_with_again(tmp_path: Path) -> None:
    """Killed from outside, it is started again; whoever wrote meanwhile, and whoever writes after, gets an answer."""
    server = Server(tmp_path / "home")
    server.start()
    try:
        family = psutil.Process(server.process.pid).children(recursive=True)
        servers = [child for child in family if child.name() == "postgres"]
        postmaster = next(child for child in servers if child.parent() not in servers)
        postmaster.kill()
        assert _ready_again(server)
        with httpx.Client(base_url=server.url, timeout=40) as web:
            opened = web.post("/v1/conversations").json()
            answered = web.post(f"/v1/conversations/{opened['conversation']}/messages", params={"wait": 30},
                                json={"id": "1", "text": "what are your prices"},
                                headers={"authorization": f"Bearer {opened['token']}"})
        assert answered.json()["replies"][0]["kind"] == "clinic_fact"
    finally:
        server.stop()


def _ready_again(server: Server, tries: int = 120) -> bool:
    """Whether it says once that it is not ready, or already is again: never an error of its own."""
    for _ in range(tries):
        said = httpx.get(f"{server.url}/readyz").status_code
        assert said in (200, 503)
        if said == 200:
            return True
        time.sleep(0.25)
    return False


def test_who_leaves_and_who_stays_until_the_end_leave_no_stack_trace(tmp_path: Path) -> None:
    """Bodies that break off, streams and posts that nobody waits for any more, and some still open when it stops."""
    server = Server(tmp_path / "home")
    server.start()
    opened = httpx.post(f"{server.url}/v1/conversations").json()
    where, key = f"/v1/conversations/{opened['conversation']}", f"Bearer {opened['token']}"

    def request(first_line: str, body: bytes = b"", length: int | None = None) -> socket.socket:
        head = (f"{first_line} HTTP/1.1\r\nhost: door\r\nauthorization: {key}\r\n"
                f"content-length: {len(body) if length is None else length}\r\n\r\n")
        line = socket.create_connection(("127.0.0.1", server.port), 10)
        line.sendall(head.encode() + body)
        return line

    message = json.dumps({"id": "1", "text": "what are your prices"}).encode()
    for leaving in (request(f"POST {where}/messages", b"{", 500), request(f"GET {where}/events"),
                    request(f"POST {where}/messages?wait=20", message)):
        time.sleep(0.2)
        leaving.close()
    staying = [request(f"GET {where}/events"), request(f"POST {where}/messages", b"{", 500)]
    assert b"hello" in _until(staying[0], b"hello")
    server.stop()
    assert server.process
    assert server.process.returncode == 0
    assert _until(staying[0], b"0\r\n\r\n").endswith(b"0\r\n\r\n")  # ended in order, to be taken up again
    assert b" 503 " in _until(staying[1], b" 503 ")
    for line in staying:
        line.close()
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


def _until(line: socket.socket, end: bytes) -> bytes:
    """What comes until *end* is in it, or nothing more does."""
    heard = b""
    while end not in heard and (more := line.recv(4096)):
        heard += more
    return heard


def test_a_process_that_was_killed_is_replaced(tmp_path: Path) -> None:
    """The log says so once; at the end none of them is left."""
    server = Server(tmp_path / "home", WORKERS="3")
    server.start()
    try:
        assert server.process
        door = psutil.Process(server.process.pid)
        before = _workers(door)
        assert len(before) == 2
        assert "postgresql" not in " ".join(before[0].cmdline())  # which anybody on the machine can read
        before[0].kill()
        assert _comes(lambda: len(_workers(door)) == 2 and before[0] not in _workers(door))
        after = _workers(door)
        assert before[1] in after
    finally:
        server.stop()
    assert not any(worker.is_running() for worker in after)
    told = [line for line in server.log.read_text(encoding="utf-8").splitlines() if "killed by signal 9" in line]
    assert len(told) == 1
    assert "another" in told[0]


def _workers(door: psutil.Process) -> list[psutil.Process]:
    return [child for child in door.children() if _is_worker(child)]


def _is_worker(child: psutil.Process) -> bool:
    try:
        return child.status() != psutil.STATUS_ZOMBIE and "worker" in child.cmdline()
    except psutil.NoSuchProcess:  # one of the database's, which come and go
        return False


def _comes(what: Callable[[], bool], tries: int = 80) -> bool:
    for _ in range(tries):
        if what():
            return True
        time.sleep(0.25)
    return False
