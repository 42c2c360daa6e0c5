"""The door alone, as a process of its own: takes messages and answers none. Settings as `frontdesk run` has them."""
import asyncio

import uvicorn

from bootstrap import door_of, open_house
from clinic.settings import Settings


async def main() -> None:
    settings = Settings.read()
    async with open_house(settings) as house:
        await uvicorn.Server(uvicorn.Config(door_of(house), host=settings.host, port=settings.port, access_log=False,
                                            log_level="warning", loop="uvloop")).serve()


if __name__ == "__main__":
    asyncio.run(main())
