"""Rasa's own command line (`rasa train`, `shell`, `test`, `run` ...), with the project's actions in its process."""
import sys
from pathlib import Path
from typing import Any

from bot import slim

IN_PROCESS = "in-process"


def main() -> None:
    """What the `rasa` command of this environment runs."""
    slim.install()
    sys.path.insert(0, str(Path.cwd()))  # as `python -m rasa` has it: config.yml names components by module
    from bot.in_process import quiet

    _keep_actions_here()
    _speak_for_the_clinic()
    quiet()
    from rasa.__main__ import main as rasa

    rasa()


def _keep_actions_here() -> None:
    """`url: in-process` in endpoints.yml runs the actions right here, where a server would be called."""
    import rasa.core.utils as core

    from bot.in_process import LocalActions

    read = core.read_endpoint_config

    def read_endpoint_config(filename: str, endpoint_type: str) -> Any:
        endpoint = read(filename, endpoint_type)
        return LocalActions() if endpoint is not None and endpoint.url == IN_PROCESS else endpoint

    core.read_endpoint_config = read_endpoint_config


def _speak_for_the_clinic() -> None:
    """Responses know the clinic's name and number here too."""
    from rasa.core.nlg.generator import NaturalLanguageGenerator

    from bot.words_of_clinic import WordsOfClinic

    create = NaturalLanguageGenerator.create

    def speaking(obj: Any, domain: Any) -> Any:  # Rasa sets the responses once it has loaded the model
        return WordsOfClinic(domain.responses if domain else {}) if obj is None else create(obj, domain)

    NaturalLanguageGenerator.create = staticmethod(speaking)
