"""Rasa 3.6 without TensorFlow, on today's libraries and Python 3.11 to 3.13.

Nothing pretends to be TensorFlow. To look up one component Rasa imports all that it ships, so an import
hook leaves out the few modules that need TensorFlow or outdated clients and puts classes of the same names
there; using one raises LeftOut. Call `install()` before the first `import rasa`. docs/decisions/ has why.
"""
import functools
import importlib.util
import os
import sys
import tarfile
import types
import warnings
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

TENSORFLOW = {
    "rasa.nlu.classifiers.diet_classifier": ["DIETClassifier"],
    "rasa.nlu.selectors.response_selector": ["ResponseSelector"],
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ["ConveRTFeaturizer"],
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ["LanguageModelFeaturizer"],
    "rasa.core.policies.ted_policy": ["TEDPolicy"],
    "rasa.core.policies.unexpected_intent_policy": ["UnexpecTEDIntentPolicy"],
    "rasa.utils.tensorflow.callback": ["RasaTrainingLogger", "RasaModelCheckpoint"],
    "rasa.utils.tensorflow.data_generator": ["RasaBatchDataGenerator"],
}
OLD_CLIENTS = {
    "rasa.core.channels.facebook": ["FacebookInput"],
    "rasa.core.channels.hangouts": ["HangoutsInput"],
    "rasa.core.channels.slack": ["SlackInput"],
    "rasa.core.channels.telegram": ["TelegramInput"],
    "rasa.core.channels.twilio": ["TwilioInput"],
    "rasa.core.channels.twilio_voice": ["TwilioVoiceInput"],
    "rasa.core.channels.webexteams": ["WebexTeamsInput"],
}
SCIKIT = {
    "rasa.nlu.classifiers.logistic_regression_classifier": ["LogisticRegressionClassifier"],
    "rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer": ["CountVectorsFeaturizer"],
    "rasa.utils.tensorflow.model_data": ["RasaModelData", "FeatureSignature", "FeatureArray", "Data",
                                         "ragged_array_to_ndarray"],
}
"""What brings scikit-learn in: 60 MB and half a second, for nothing where a model that uses none of it is served."""
GRAPH_RUNNER = "rasa.engine.runner.dask"  # dask of today refuses Rasa's graphs, which need no scheduler
ABSENT = {"boto3.dynamodb.conditions": "Key", "pymongo.collection": "Collection"}


class LeftOut(ImportError):
    """A part of Rasa was used that this set-up leaves out."""


class Vacant:
    """Stands where a left-out class of Rasa would be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise LeftOut(f"{type(self).__name__} is left out of this Rasa; see docs/decisions/ for what serves instead.")

    @classmethod
    def create(cls, *args: Any, **kwargs: Any) -> "Vacant":
        return cls()

    load = from_credentials = create

    @classmethod
    def name(cls) -> str:  # Rasa lists its channels by this
        return cls.__module__.rpartition(".")[2]


class SlimImporter(MetaPathFinder, Loader):
    """Finds and fills the modules that are left out or replaced."""

    def __init__(self, vacant: dict[str, list[str]]) -> None:
        self.vacant = vacant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name in self.vacant or name == GRAPH_RUNNER else None

    def exec_module(self, module: types.ModuleType) -> None:
        if module.__name__ == GRAPH_RUNNER:
            from bot.graph_runner import GraphRunner
            vars(module)["DaskGraphRunner"] = GraphRunner
        else:
            for name in self.vacant[module.__name__]:
                setattr(module, name, type(name, (Vacant,), {"__module__": module.__name__}))


def install(serving: Path | None = None) -> None:
    """Make `import rasa` work in this process. A second call does nothing.

    *serving*: the model that this process does nothing with but answer; what Rasa would load and it does not use stays
    out as well."""
    if any(isinstance(finder, SlimImporter) for finder in sys.meta_path):
        return
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SANIC_HOST", "127.0.0.1")  # `rasa run actions` listens on loopback only
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    _quieten()
    _give_back_old_names()
    sys.meta_path.insert(0, SlimImporter(TENSORFLOW | OLD_CLIENTS | (_unused_by(serving) if serving else {})))
    _load_tracker_stores()
    import rasa.core.constants
    rasa.core.constants.DEFAULT_SERVER_INTERFACE = "127.0.0.1"  # and `rasa run` too


def _unused_by(model: Path) -> dict[str, list[str]]:
    """SCIKIT, or nothing where *model* names any of it or is yet to be made."""
    if not model.is_file():
        return {}
    with tarfile.open(model) as packed:
        facts = packed.extractfile("metadata.json")
        made_of = facts.read().decode() if facts else ""
    return {} if any(module in made_of for module in SCIKIT) else SCIKIT


def _quieten() -> None:
    """Rasa of 2024 on libraries of today warns at every import; nobody here can act on it."""
    for module in ("rasa", "rasa_sdk", "sanic", "pykwalify", "pkg_resources", "jsonpickle", "google"):
        warnings.filterwarnings("ignore", module=module)
    warnings.filterwarnings("ignore", message=".*pkg_resources.*")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pkg_resources  # noqa: F401


def _give_back_old_names() -> None:
    """Names that newer libraries dropped and Rasa still asks for."""
    import numpy
    import packaging.version
    import sanic

    if not hasattr(packaging.version, "LegacyVersion"):
        setattr(packaging.version, "LegacyVersion", type("LegacyVersion", (), {}))  # noqa: B010 - it isn't declared
    if not hasattr(numpy, "VisibleDeprecationWarning"):
        setattr(numpy, "VisibleDeprecationWarning", numpy.exceptions.VisibleDeprecationWarning)  # noqa: B010
    # Newer Sanic starts worker processes, and these can't find the apps that Rasa makes.
    setattr(sanic.Sanic, "run", functools.partialmethod(sanic.Sanic.run, single_process=True))  # noqa: B010
    if not hasattr(sanic.response, "stream"):  # `rasa shell` is answered with it
        setattr(sanic.response, "stream", sanic.response.ResponseStream)  # noqa: B010


def _load_tracker_stores() -> None:
    """Load rasa.core.tracker_store though boto3 and pymongo aren't there: it takes one name from each."""
    added = []
    for path, attribute in ABSENT.items():
        parts = path.split(".")
        if importlib.util.find_spec(parts[0]):
            continue
        for end in range(1, len(parts) + 1):
            name = ".".join(parts[:end])
            sys.modules[name] = types.ModuleType(name)
            added.append(name)
        setattr(sys.modules[path], attribute, Vacant)
    try:
        import rasa.core.tracker_store as stores
    finally:
        for name in added:
            del sys.modules[name]

    def create(store: Any, domain: Any = None, event_broker: Any = None) -> Any:
        ready = isinstance(store, stores.TrackerStore)
        return store if ready else stores.create_tracker_store(store, domain, event_broker)

    stores.TrackerStore.create = staticmethod(create)
