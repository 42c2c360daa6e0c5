"""Lines of standard input as they come; whoever waits for the next one can still be told to stop."""
import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress

from clinic.storable import storable as storable


async def typed() -> AsyncIterator[str]:
    """Each line of standard input.

    A thread of its own reads it, since a read can't be called off; nobody waits for that thread at the end. It opens
    the input once more: Python would want `sys.stdin` itself back when it ends, and the thread may hang in it."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue(1)

    def hand_on(line: str | None) -> None:
        asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()

    def read() -> None:
        with suppress(RuntimeError, asyncio.CancelledError):  # once the loop has ended, nobody wants them
            with suppress(OSError), open(0, "rb", closefd=False) as source:
                for line in source:
                    hand_on(line.decode("utf-8", "replace"))
            hand_on(None)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line


async def given(*lines: str) -> AsyncIterator[str]:
    """*lines* that are known already, in the same form."""
    for line in lines:
        yield line
