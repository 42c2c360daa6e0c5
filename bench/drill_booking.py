"""The booking drill: many after one opening, confirms repeated, the server killed, a book of any size.

    make drill-booking         (ARGS="race=5 confirm=100 kill=3 size=5000": some parts, in a minute)
"""
import sys
import time

from bench.booking_confirms import confirms
from bench.booking_kill import kill
from bench.booking_race import race
from bench.booking_size import size
from bench.turn_table import say

PARTS = {"race": (race, 100), "confirm": (confirms, 1000), "kill": (kill, 100), "size": (size, 50_000)}


def main(chosen: list[str]) -> int:
    sizes = {name: int(count) if count else PARTS[name][1] for name, _, count in
             (one.partition("=") for one in chosen or PARTS)}
    failed = []
    for name, count in sizes.items():
        began = time.monotonic()
        good = PARTS[name][0](count)
        say(f"{name}: {'as it should be' if good else 'WRONG'}, in {time.monotonic() - began:.0f} s\n")
        failed += [] if good else [name]
    say("The book held." if not failed else f"NOT as it should be: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
