"""Rasa's own commands do here what Rasa's users know: each as a process of its own, with a home of its own."""
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml

from bench.server import free_port
from clinic.booking.availability import Availability
from clinic.knowledge.content import load
from clinic.settings import ROOT, Settings

RASA = Path(sys.executable).parent / "rasa"
SETTINGS = Settings.read({})
JOURNEYS = ROOT / "tests" / "journeys"
CLINIC = yaml.safe_load((SETTINGS.content / "clinic.yml").read_text(encoding="utf-8"))
PATIENCE = 60.0
"""Seconds until a command that hangs is a failure."""
PROMPT = "Your input ->"
SAID_BY_ACTIONS = "is not used in any story or rule"
ONLY_TAPPED = ("'show_passage'", "'stale_choice'", "'confirm_cancel'", "'confirm_waiting'", "'take_waiting'",
               "'pass_waiting'")
"""What `rasa data validate` warns of and is meant: responses that actions say, intents that nobody types."""

Environ = dict[str, str]


@pytest.fixture
def environ() -> Iterator[Environ]:
    """An environment in which a command writes to a home of its own, whatever this machine's settings say."""
    home = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    (home / "encoder").symlink_to(SETTINGS.encoder)
    yield {**os.environ, "FRONTDESK_HOME": str(home), "FRONTDESK_CONTENT": "", "DATABASE_URL": "", "SMTP_URL": "",
           "TMPDIR": str(home), "RASA_CACHE_DIRECTORY": str(home / "rasa"), "PROMPT_TOOLKIT_NO_CPR": "1"}
    shutil.rmtree(home, ignore_errors=True)


def test_the_data_is_valid(environ: Environ) -> None:
    """And Rasa warns of nothing that isn't meant."""
    done = rasa(environ, "data", "validate", "--max-history", 3)
    assert done.returncode == 0, done.stderr
    warned = [line for line in (done.stdout + done.stderr).splitlines() if "UserWarning" in line]
    assert [line for line in warned if SAID_BY_ACTIONS not in line and not any(i in line for i in ONLY_TAPPED)] == []


def test_rules_and_stories_do_not_contradict_each_other(environ: Environ, tmp_path: Path) -> None:
    """Training is what finds that out; validation doesn't."""
    done = rasa(environ, "train", "core", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(list(tmp_path.glob("core-*.tar.gz"))) == 1


def test_every_journey_goes_as_it_says(environ: Environ, tmp_path: Path) -> None:
    """All of them: Rasa passes over a file that isn't called test_*.yml, and doesn't fail by itself."""
    done = play(environ, JOURNEYS, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "failed_test_stories.yml").read_text() == "# None of the test stories failed - all good!"
    played = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]["total"]
    assert played == sum(map(stories_in, JOURNEYS.glob("*.yml")))


def test_a_journey_that_goes_wrong_fails(environ: Environ, tmp_path: Path) -> None:
    """So a message is really read: this one is taken for something else."""
    (tmp_path / "test_wrong.yml").write_text(yaml.safe_dump({"version": "3.1", "stories": [{
        "story": "Prices are taken for opening hours",
        "steps": [{"user": "what does an hour cost", "intent": "fact_hours"}, {"action": "action_fact"}]}]}))
    done = play(environ, tmp_path / "test_wrong.yml", tmp_path / "results", "--fail-on-prediction-errors")
    assert done.returncode != 0
    assert "predicted: fact_prices" in done.stdout + done.stderr


def test_the_shell_answers_whoever_types_in_it(environ: Environ) -> None:
    with Terminal(environ, "shell", "--model", SETTINGS.model, "--port", free_port()) as shell:
        shell.shows(PROMPT)
        shell.types("where do i put the car")
        shell.shows(CLINIC["parking"])
        shell.shows(PROMPT)
    assert shell.process.returncode == 0


def test_run_answers_over_rest_on_this_machine_only(environ: Environ, tmp_path: Path) -> None:
    """From a custom action, in the clinic's words, up to a stored request."""
    (tmp_path / "credentials.yml").write_text("rest:\n")
    port = free_port()
    with running(environ, "run", "--model", SETTINGS.model, "--credentials", tmp_path / "credentials.yml",
                 "--port", port) as process:
        wait_for(process, f"http://127.0.0.1:{port}/")
        assert listening(process, port) == {"127.0.0.1"}
        assert say(port, "where do i put the car") == [CLINIC["parking"]]
        assert CLINIC["name"] in say(port, "hiya")[0]
        say(port, f"can i book an hour on {an_opening()}, my name is Jo Hill, 07700 900123")
        say(port, "yes")  # may the check be asked
        say(port, "no")   # nothing applies
        (stored,) = say(port, "yes")
        assert "+447700900123" in stored
        assert "{" not in stored


def an_opening() -> str:
    """A time some days from now at which nothing stands in the way of an hour, as somebody would write it."""
    clinic = load(ROOT / "content").clinic
    hour = next(service for service in clinic.services if service.length_minutes == 60)
    now = datetime.now(UTC)
    found = Availability(clinic).openings(hour, (), now)
    starts = next(o.starts for o in found if o.starts > now + timedelta(days=5)).astimezone(clinic.zone)
    return f"{starts.day} {starts:%B} at {starts:%H:%M}"


def test_danger_beats_an_open_form_where_no_door_has_read_it(environ: Environ, tmp_path: Path) -> None:
    """Though the form could take something from the message. `rasa test` can't tell: where a story wants something else
    it rejects a form by itself."""
    (tmp_path / "credentials.yml").write_text("rest:\n")
    port = free_port()
    with running(environ, "run", "--model", SETTINGS.model, "--credentials", tmp_path / "credentials.yml",
                 "--port", port) as process:
        wait_for(process, f"http://127.0.0.1:{port}/")
        say(port, "can i book an hour")
        (said,) = say(port, "thursday afternoon, but ive got crushing chest pain going down my left arm")
        assert said.startswith("Call 999 now")
        assert say(port, "where do i put the car") == [CLINIC["parking"]]
        assert any("person" in said for said in say(port, "can i book an hour"))


def test_run_actions_serves_the_actions_on_this_machine_only(environ: Environ) -> None:
    port = free_port()
    with running(environ, "run", "actions", "--port", port) as process:
        assert wait_for(process, f"http://127.0.0.1:{port}/health").json() == {"status": "ok"}
        assert listening(process, port) == {"127.0.0.1"}
        (response,) = post(f"http://127.0.0.1:{port}/webhook", a_call("action_fact", "fact_parking"))["responses"]
        assert (response["response"], response["parking"]) == ("utter_fact_parking", CLINIC["parking"])


class Terminal:
    """A command in a pseudo-terminal of its own, left with /stop."""

    def __init__(self, environ: Environ, *arguments: Any) -> None:
        self._ours, theirs = pty.openpty()
        self._seen = b""
        self.process = start(environ, *arguments, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process, lambda: self.types("/stop"))
        os.close(self._ours)

    def types(self, line: str) -> None:
        os.write(self._ours, f"{line}\r".encode())

    def shows(self, words: str) -> None:
        """Wait for *words*, and forget all that came before them."""
        late = time.monotonic() + PATIENCE
        while words.encode() not in self._seen:
            ready, _, _ = select.select([self._ours], [], [], max(0.0, late - time.monotonic()))
            assert ready, f"no {words!r} in {self._seen.decode(errors='replace')}"
            self._seen += os.read(self._ours, 65_536)
        self._seen = self._seen.partition(words.encode())[2]


def rasa(environ: Environ, *arguments: Any) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run([RASA, *map(str, arguments)], cwd=ROOT, env=environ, capture_output=True, text=True,
                          timeout=PATIENCE, check=False)


def play(environ: Environ, stories: Path, results: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Play *stories* through the trained model: each message is understood, each next step predicted."""
    return rasa(environ, "test", "core", "--e2e", "--stories", stories, "--model", SETTINGS.model, "--out", results,
                "--no-plot", *more)


def stories_in(file: Path) -> int:
    """How many stories there are in *file*."""
    return len(yaml.safe_load(file.read_text(encoding="utf-8"))["stories"])


def start(environ: Environ, *arguments: Any, **streams: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([RASA, *map(str, arguments)], cwd=ROOT, env=environ, start_new_session=True, **streams)


@contextmanager
def running(environ: Environ, *arguments: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A command that runs until it is ended, at the latest here."""
    with (Path(environ["FRONTDESK_HOME"]) / "rasa.log").open("wb") as log:
        process = start(environ, *arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield process
    finally:
        end(process, lambda: process.send_signal(signal.SIGINT))


def end(process: subprocess.Popen[bytes], ask: Callable[[], None]) -> None:
    """*ask* it to end, which it has to do; and its database with it."""
    if process.poll() is not None:
        return
    family = psutil.Process(process.pid).children(recursive=True)
    ask()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert psutil.wait_procs(family, timeout=PATIENCE)[1] == []


def wait_for(process: subprocess.Popen[bytes], url: str) -> httpx.Response:
    """What *url* answers as soon as it does."""
    late = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < late:
        with suppress(httpx.TransportError):
            return httpx.get(url, timeout=PATIENCE)
        time.sleep(0.1)
    raise AssertionError(f"{process.args!r} does not answer at {url}")


def listening(process: subprocess.Popen[bytes], port: int) -> set[str]:
    """The addresses at which *process* takes connections on *port*."""
    sockets = psutil.Process(process.pid).net_connections("inet")
    return {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN and socket.laddr.port == port}


def say(port: int, message: str) -> list[str]:
    """The texts that Rasa's REST channel answers to *message*."""
    answered = post(f"http://127.0.0.1:{port}/webhooks/rest/webhook", {"sender": "jo", "message": message})
    return [reply["text"] for reply in answered if "text" in reply]


def post(url: str, body: dict[str, Any]) -> Any:
    answer = httpx.post(url, json=body, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    return answer.json()


def a_call(action: str, intent: str) -> dict[str, Any]:
    """What a Rasa server sends to have *action* run after a message that means *intent*."""
    message = {"text": "where do i put the car", "intent": {"name": intent}, "entities": []}
    return {"next_action": action, "sender_id": "jo", "domain": {}, "version": "3.6.21", "tracker": {
        "sender_id": "jo", "slots": {}, "latest_message": message, "events": [], "paused": False,
        "followup_action": None, "active_loop": {}, "latest_action_name": "action_listen"}}
