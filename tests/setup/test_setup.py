"""Set-up: does what is needed, does nothing twice, and heals what was cut off."""
import fcntl
import shutil
import signal
from pathlib import Path

import psutil
import pytest

from tests.setup.miniature import Miniature

NOTHING_TO_DO = "Everything is set up.\n"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Miniature:
    """A checkout that was set up once; tests that change it put it back."""
    checkout = Miniature(tmp_path_factory.mktemp("set-up"))
    code, said = checkout.set_up()
    assert code == 0, said
    return checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Miniature:
    return Miniature(tmp_path)


def test_the_commands_work_in_a_folder_with_a_space_in_its_name(finished: Miniature) -> None:
    assert finished.runs("frontdesk", "says", "two words") == "frontdesk with tiny 1.0 says two words"


def test_rasa_is_ours(finished: Miniature) -> None:
    assert finished.runs("rasa") == "our own rasa"


def test_what_is_set_up_is_left_alone(finished: Miniature) -> None:
    assert finished.set_up() == (0, NOTHING_TO_DO)


def test_nothing_but_what_is_needed_stays(finished: Miniature) -> None:
    """What the encoder was made with is gone, and so is what pip unpacked."""
    assert {path.name for path in (finished.root / "var").iterdir()} == {"encoder", "set-up.lock"}


def test_a_damaged_encoder_is_made_again(finished: Miniature) -> None:
    (finished.root / "var" / "encoder" / "encoder.onnx").write_text("num")
    code, said = finished.set_up()
    assert (code, "Sentence encoder exported" in said) == (0, True)
    assert (finished.root / "var" / "encoder" / "encoder.onnx").read_text() == "numbers"


def test_a_changed_lock_is_caught_up_with(finished: Miniature) -> None:
    before = (finished.root / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    finished.pin("requirements.lock", "tiny==2.0")
    finished.pin("requirements-dev.lock", "tiny==2.0", "tester==1.0")
    assert finished.set_up()[0] == 0
    assert finished.runs("frontdesk") == "frontdesk with tiny 2.0"
    assert (finished.root / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == before


def test_an_environment_for_tests_will_do_for_a_run(finished: Miniature) -> None:
    assert finished.set_up("--dev")[0] == 0
    assert finished.runs("python", "-c", "import tester; print('there')") == "there"
    assert finished.set_up() == (0, NOTHING_TO_DO)


def test_half_an_environment_is_made_anew(finished: Miniature) -> None:
    """Its stamp is written last; without one nobody knows what is missing."""
    (finished.root / ".venv" / "stamp").unlink()
    shutil.rmtree(next((finished.root / ".venv").glob("lib/python*")) / "site-packages" / "pip")
    assert finished.set_up("--dev")[0] == 0
    assert finished.set_up("--dev") == (0, NOTHING_TO_DO)


def test_a_mistaken_setting_is_told_before_any_work(finished: Miniature) -> None:
    finished.write(".env", "PORT=eighty\n")
    try:
        code, said = finished.set_up()
    finally:
        (finished.root / ".env").unlink()
    assert code == 1
    assert "PORT" in said


def test_a_second_set_up_waits_for_the_first(finished: Miniature) -> None:
    with (finished.root / "var" / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = finished.start()
        assert waiting.stdout
        assert "waiting" in waiting.stdout.readline()
    assert waiting.communicate(timeout=60) == (NOTHING_TO_DO, None)


def test_another_file_than_the_pinned_one_is_refused(checkout: Miniature) -> None:
    checkout.pin("requirements.lock", "tiny==1.0")
    lock = (checkout.root / "requirements.lock").read_text()
    checkout.write("requirements.lock", lock[:-5] + "0000\n")
    code, said = checkout.set_up()
    assert code == 1
    assert "HASHES" in said
    assert "Traceback" not in said


def test_a_terminated_set_up_leaves_nothing_running(checkout: Miniature) -> None:
    checkout.write("bot/export_encoder.py", "import signal\nsignal.pause()\n")
    process = checkout.start()
    assert process.stdout
    while "Exporting" not in process.stdout.readline():
        assert process.poll() is None
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert psutil.wait_procs(children, timeout=30)[1] == []
    assert not (checkout.root / "var" / "encoder" / "stamp").exists()
