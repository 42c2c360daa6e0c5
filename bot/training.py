"""Trains Rasa on the project's files, quietly."""
import os
from pathlib import Path

from bot import slim
from clinic.errors import ClinicError


class TrainingFailed(ClinicError):
    """Rasa did not make a model; its own words say why."""


def train(root: Path, model: Path) -> None:
    """A model from *root*'s config.yml, domain.yml and data/ at *model*. Raises TrainingFailed."""
    os.environ["TQDM_DISABLE"] = "1"  # bars for a moment of work
    slim.install()
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    from bot.in_process import quiet

    quiet()
    before = Path.cwd()
    os.chdir(root)  # components are named by module path
    try:
        result = rasa_train(domain="domain.yml", config="config.yml", training_files=["data"],
                            output=str(model.parent), fixed_model_name=model.name.removesuffix(".tar.gz"))
    except RasaException as error:
        raise TrainingFailed(str(error)) from error
    finally:
        os.chdir(before)
    if result.model is None:
        raise TrainingFailed("Rasa made no model; `rasa data validate` may tell why.")
