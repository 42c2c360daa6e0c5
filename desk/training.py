"""`frontdesk train`: the model, made anew only when something that it is made of changed."""
import asyncio
import hashlib
import logging
import time
from pathlib import Path

import typer

from clinic.settings import ROOT, Settings

log = logging.getLogger("frontdesk")
MADE_OF = ("config.yml", "domain.yml", "data", "bot")


async def train_model(settings: Settings, if_changed: bool) -> None:
    """Train into `settings.model`. Raises ClinicError where the encoder is missing."""
    stamp, now = settings.model.with_suffix(".stamp"), fingerprint(settings)
    if if_changed and settings.model.is_file() and stamp.is_file() and stamp.read_text() == now:
        typer.echo("model: nothing changed", err=True)
        return
    began = time.monotonic()
    typer.echo("model: training ...", err=True)
    await asyncio.to_thread(_train, settings.model)
    stamp.write_text(now)
    typer.echo(f"model: trained in {time.monotonic() - began:.0f} s", err=True)


def fingerprint(settings: Settings) -> str:
    """Changes when anything that the model is made of does: data, configuration, domain, code, encoder."""
    digest = hashlib.sha256()
    for name in MADE_OF:
        root = ROOT / name
        for file in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if file.suffix in (".yml", ".tsv", ".py"):
                digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    encoder = settings.encoder / "encoder.onnx"
    digest.update(str(encoder.stat().st_size if encoder.is_file() else 0).encode())
    return digest.hexdigest()


def _train(model: Path) -> None:
    from bot.training import train

    train(ROOT, model, aloud=log.isEnabledFor(logging.DEBUG))
