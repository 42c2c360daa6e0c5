"""`frontdesk when`, as somebody runs it."""
import json
import subprocess
import sys

from clinic.settings import ROOT

COMMAND = [sys.executable, "-c", "from desk.cli import main; main()", "when"]


def when(typed: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], input=typed, capture_output=True, text=True, cwd=ROOT, timeout=60)


def test_each_line_gets_a_line_of_json_and_blank_ones_none() -> None:
    done = when("thurs after 6\n\n   \nhello\n", "--now", "2026-03-27T10:00", "--json")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"text": "thurs after 6", "reading": "exact", "choices": [],
         "intervals": [{"from": "2026-04-02T18:00", "to": "2026-04-03T00:00"}]},
        {"text": "hello", "reading": "none", "intervals": [], "choices": []}]
    assert done.returncode == 0


def test_a_person_can_read_it() -> None:
    done = when("thurs after 6\n", "--now", "2026-03-27T10:00")
    assert "Thu 02 Apr 2026 18:00" in done.stdout


def test_a_moment_that_is_none_is_one_clear_line() -> None:
    done = when("today\n", "--now", "soon")
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (2, 1, "")


def test_an_answer_comes_before_the_next_line_is_typed() -> None:
    talk = subprocess.Popen([*COMMAND, "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert talk.stdin
    assert talk.stdout
    talk.stdin.write("tomorrow\n")
    talk.stdin.flush()
    assert json.loads(talk.stdout.readline())["reading"] == "exact"
    talk.communicate(timeout=60)


def test_neither_rasa_nor_the_database_is_loaded_for_it() -> None:
    code = ("import sys; from desk.cli import main; import desk.when; "
            "print([name for name in ('rasa', 'sqlalchemy', 'spacy', 'numpy') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.strip() == "[]"
