"""The log: one line an event, as text or JSON, never with what somebody wrote: of an exception its kind and place."""
import json
import logging
import os
import sys
import traceback
from typing import Any, TextIO

from clinic.errors import ClinicError
from clinic.faults import causes

QUIET = ("sqlalchemy", "aiosmtplib", "httpx", "httpcore", "asyncio", "uvicorn", "rasa")


class Discreet(logging.Formatter):
    """An exception's text may hold a row of the database or a visitor's words: it is left out, but for our own."""

    def formatException(self, ei: Any) -> str:
        lines = []
        for cause in causes(ei[1]):
            said = f": {cause}" if isinstance(cause, ClinicError) else ""
            lines += [f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
                      for frame in traceback.extract_tb(cause.__traceback__)]
            lines.append(f"{type(cause).__name__}{said}")
        return "\n".join(lines)

    def formatStack(self, stack_info: str) -> str:
        return ""


class Structured(Discreet):
    """A JSON object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower(),
                 "from": record.name, "said": record.getMessage()}
        if record.exc_info:
            entry["fault"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def begin(verbose: bool, out: TextIO | None = None) -> logging.Handler:
    """Log to *out* (standard error) from now on. LOG_FORMAT=json: a JSON object a line."""
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(Structured() if os.environ.get("LOG_FORMAT") == "json"
                         else Discreet("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("frontdesk").setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # its jobs log through ours
    return handler
