"""A process of its own that has a database open: says its address, and keeps it until its standard input ends."""
import asyncio
import sys
from pathlib import Path

from clinic.errors import ClinicError
from clinic.store.embedded import database


async def hold(home: Path) -> None:
    async with database(None, home) as dsn:
        print(dsn, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    try:
        asyncio.run(hold(Path(sys.argv[1])))
    except ClinicError as error:
        sys.exit(str(error))
