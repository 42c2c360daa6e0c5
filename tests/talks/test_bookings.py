"""People who book, as they write: each story in tests/data/bookings ends with the right book."""
import pytest

from bootstrap import House
from tests.conftest import MONDAY_NOON, Pigeonhole, StoppedClock
from tests.talks.booking import Player, Story, stories

ALL = list(stories())


@pytest.mark.parametrize("story", ALL, ids=str)
async def test_it_ends_with_the_right_book(story: Story, house: House, clock: StoppedClock, post: Pigeonhole) -> None:
    clock.now = MONDAY_NOON
    await Player(house, clock, post).play(story)


def test_there_are_enough_of_them() -> None:
    """Sixty at least, each under a name of its own."""
    assert len({story.said["name"] for story in ALL}) == len(ALL) >= 60
