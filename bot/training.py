"""Trains Rasa on the project's files, quietly."""
import os
from contextlib import nullcontext, redirect_stdout
from io import StringIO
from pathlib import Path

from bot import slim
from clinic.errors import ClinicError


class TrainingFailed(ClinicError):
    """Rasa did not make a model; its own words say why."""


def train(root: Path, model: Path, aloud: bool = False) -> None:
    """A model from *root*'s config.yml, domain.yml and data/ at *model*. Raises TrainingFailed.

    *aloud*: with Rasa's progress bars and what it prints at the end."""
    if not aloud:
        os.environ["LOG_LEVEL"] = "WARNING"  # Rasa looks here, and nowhere else, whether to draw its bars
    slim.install()
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    from bot.in_process import quiet

    quiet()
    before = Path.cwd()
    os.chdir(root)  # components are named by module path
    try:
        with nullcontext() if aloud else redirect_stdout(StringIO()):
            result = rasa_train(domain="domain.yml", config="config.yml", training_files=["data"],
                                output=str(model.parent), fixed_model_name=model.name.removesuffix(".tar.gz"))
    except RasaException as error:
        raise TrainingFailed(str(error)) from error
    finally:
        os.chdir(before)
    if result.model is None:
        raise TrainingFailed("Rasa made no model; `rasa data validate` may tell why.")
