"""How much one sender may ask for."""
from channels.limits import FORGOTTEN_BEYOND, Bucket


class Hand:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_burst_goes_through_and_then_a_steady_rate() -> None:
    clock = Hand()
    bucket = Bucket(3, 2.0, clock)
    assert [bucket.take("jo") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    clock.seconds += 0.5
    assert bucket.take("jo") == 0.0
    assert bucket.take("jo") == 0.5


def test_one_sender_does_not_slow_another() -> None:
    bucket = Bucket(1, 1.0, Hand())
    bucket.take("jo")
    assert bucket.take("sam") == 0.0


def test_being_refused_costs_nothing_more() -> None:
    """Whoever keeps knocking waits no longer than whoever waits quietly."""
    clock = Hand()
    bucket = Bucket(1, 1.0, clock)
    bucket.take("jo")
    assert {bucket.take("jo") for _ in range(50)} == {1.0}
    clock.seconds += 1
    assert bucket.take("jo") == 0.0


def test_only_so_many_senders_are_remembered() -> None:
    clock = Hand()
    bucket = Bucket(1, 0.001, clock)
    for number in range(FORGOTTEN_BEYOND + 1):
        bucket.take(str(number))
    assert bucket.take(str(FORGOTTEN_BEYOND)) > 0
    assert bucket.take("0") == 0.0
