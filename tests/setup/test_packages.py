"""How a lock file is read and shared out."""
import sys

import pytest

from clinic.settings import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


@pytest.fixture(scope="module")
def packages() -> object:
    """A module of `setup`, which runs by itself and so is imported from its own folder."""
    sys.path.insert(0, str(ROOT / "setup"))
    try:
        import packages
    finally:
        sys.path.pop(0)
    return packages


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_installed_once(packages, lock: str) -> None:
    pins = packages.entries(ROOT / lock)
    first, parts = packages.shares(pins)
    assert sorted([*first, *(pin for part in parts for pin in part)]) == sorted(pins)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(packages, lock: str) -> None:
    assert [pin for pin in packages.entries(ROOT / lock) if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


def test_a_package_pinned_twice_stays_in_one_part(packages) -> None:
    """One pin is for an older Python: pip is to see both, and take one."""
    _, parts = packages.shares(packages.entries(ROOT / "requirements-build.lock"))
    assert sum(any(pin.startswith("numpy==") for pin in part) for part in parts) == 1


def test_what_tests_need_holds_all_that_a_run_needs() -> None:
    pinned, tested = ((ROOT / lock).read_text().split() for lock in LOCKS[:2])
    assert {word for word in pinned if "==" in word} <= set(tested)
