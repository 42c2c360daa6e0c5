"""How a command does its work."""
import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import typer
import uvloop

from clinic.errors import ClinicError
from clinic.settings import Settings


def do(work: Callable[[Settings], Coroutine[Any, Any, int | None]]) -> None:
    """Run *work*; what the clinic expects to go wrong is one clear message, not a stack trace."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            code = runner.run(work(Settings.read()))
    except ClinicError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    raise typer.Exit(code or 0)
