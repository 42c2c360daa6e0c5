"""How well messages are understood.

python -m bench.understanding DATA: ten examples an intent of BANKING77, CLINC150 and HWU64 (DATA/intents), asked
their whole test sets. Nothing was chosen by a test set: the model's constants come from cross-validation on the
train_10 files, and all three sets, like our own intents, are learned with the same.
python -m bench.understanding: our own examples, cross-validated; report and picture in FRONTDESK_HOME/reports.
"""
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from bench.understanding_report import report
from bot.encoder import Encoder
from bot.intent_model import IntentModel, Prediction
from clinic.settings import Settings

TARGETS = {"banking77": (86.0, 87.2), "clinc150": (90.3, 94.2), "hwu64": (83.3, 87.1)}  # least, aim: per cent
UNSEEN, SEEN = 0.96, 0.97  # least AUROC of out_of_scope, without and with examples of it
FOREIGN = "oos"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a test set."""

    predictions: list[Prediction]
    milliseconds: float
    """CPU a text, encoder and all."""


def main() -> None:
    encoder = Encoder(Settings.read().encoder)
    if len(sys.argv) > 1:
        public(Path(sys.argv[1]) / "intents", encoder)
    else:
        report(encoder, Settings.read().home / "reports")


def public(folder: Path, encoder: Encoder) -> None:
    print(f"{'10 examples an intent':22}{'accuracy':>9}{'least':>7}{'aim':>7}{'training':>10}{'a text':>9}")
    for name, (least, aim) in TARGETS.items():
        model, seconds = learn(*rows(folder / name / "train_10.tsv"), encoder)
        texts, labels = rows(folder / name / "test.tsv")
        asked = ask(model, texts, encoder)
        right = np.mean([p.ranking[0][0] == label for p, label in zip(asked.predictions, labels, strict=True)])
        print(f"{name:22}{right:9.1%}{least:6.1f}%{aim:6.1f}%{seconds:8.1f} s{asked.milliseconds:6.2f} ms")
        if name == "clinc150":
            unseen = auroc(model, asked, folder / name, encoder)
    print("\nout of scope, CLINC150      AUROC  least")
    print(f"{'no example of it seen':27}{unseen:6.3f}{UNSEEN:7.2f}")
    print(f"{'100 examples of it seen':27}{seen(folder / 'clinc150', encoder):6.3f}{SEEN:7.2f}")


def learn(texts: list[str], labels: list[str], encoder: Encoder) -> tuple[IntentModel, float]:
    """The model, and the seconds of CPU that it took, encoding too."""
    start = time.process_time()
    model = IntentModel.train(texts, labels, encoder.views, out_of_scope=[FOREIGN])
    return model, time.process_time() - start


def ask(model: IntentModel, texts: list[str], encoder: Encoder) -> Asked:
    start = time.process_time()
    predictions = [model.predict(text, encoder.views([text])[0]) for text in texts]
    return Asked(predictions, (time.process_time() - start) / len(texts) * 1000)


def seen(folder: Path, encoder: Encoder) -> float:
    texts, labels = (ours + theirs for ours, theirs in
                     zip(rows(folder / "train_10.tsv"), rows(folder / "oos_train.tsv"), strict=True))
    model, _ = learn(texts, labels, encoder)
    return auroc(model, ask(model, rows(folder / "test.tsv")[0], encoder), folder, encoder)


def auroc(model: IntentModel, ours: Asked, folder: Path, encoder: Encoder) -> float:
    """How surely a text that isn't ours has the higher out_of_scope of a pair: 0.5 is chance, 1 always."""
    theirs = ask(model, rows(folder / "oos_test.tsv")[0], encoder)
    scores = [p.out_of_scope for asked in (ours, theirs) for p in asked.predictions]
    foreign = [False] * len(ours.predictions) + [True] * len(theirs.predictions)
    return float(roc_auc_score(foreign, scores))


def rows(file: Path) -> tuple[list[str], list[str]]:
    """Texts and labels of a tab-separated file without a heading."""
    pairs = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    return [text for text, _ in pairs], [label for _, label in pairs]


if __name__ == "__main__":
    main()
