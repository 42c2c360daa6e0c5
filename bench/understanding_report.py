"""Our own examples, cross-validated: figures in Markdown, and a picture of who is taken for whom."""
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

from bench.nlu_examples import examples, out_of_scope
from bot.encoder import Encoder
from bot.intent_model import IntentModel, folds
from bot.vector_cache import VectorCache
from clinic.settings import ROOT

FOLDS = 5
BINS = np.linspace(0, 1, 11)
WORST = 25


@dataclass(frozen=True, slots=True)
class Trial:
    """Every example, and what a model said that hadn't seen it."""

    texts: np.ndarray
    truth: np.ndarray
    guess: np.ndarray
    confidence: np.ndarray
    strange: np.ndarray
    """out_of_scope."""
    foreign: np.ndarray
    """bool: labelled as not ours."""


def report(encoder: Encoder, folder: Path) -> None:
    """Write understanding.md and understanding.png into *folder*, and print the head of it."""
    trial = cross_validate(VectorCache(encoder, folder.parent / "cache"))
    folder.mkdir(parents=True, exist_ok=True)
    head = summary(trial)
    parts = [head, scope(trial), intents(trial), confusions(trial), reliability(trial)]
    (folder / "understanding.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    draw(trial, folder / "understanding.png")
    print(head, f"\n{folder / 'understanding.md'}\n{folder / 'understanding.png'}")


def cross_validate(encode: VectorCache) -> Trial:
    pairs = examples(ROOT / "data")
    foreign = out_of_scope(ROOT / "config.yml")
    texts, labels = (np.array(column, object) for column in zip(*pairs, strict=True))
    views, fold = encode(texts), folds(labels, FOLDS)
    predictions = np.empty(len(texts), object)
    for number in range(FOLDS):
        seen = fold != number
        model = IntentModel.train(texts[seen], labels[seen], encode, foreign)
        for place in np.flatnonzero(~seen):
            predictions[place] = model.predict(texts[place], views[place])
    return Trial(texts, labels, np.array([p.ranking[0][0] for p in predictions], object),
                 np.array([p.ranking[0][1] for p in predictions]),
                 np.array([p.out_of_scope for p in predictions]), np.isin(labels, list(foreign)))


def summary(trial: Trial) -> str:
    right = trial.guess == trial.truth
    names = np.unique(trial.truth)
    macro = precision_recall_fscore_support(trial.truth, trial.guess, labels=names, average="macro",
                                            zero_division=0)[2]
    lines = ["# Understanding, on our own examples", "",
             f"{len(names)} intents, {len(trial.texts)} examples, {FOLDS}-fold cross-validation "
             "(`make bench-understanding`).", "",
             "| | |", "| --- | --- |", f"| accuracy | {right.mean():.1%} |", f"| macro F1 | {macro:.1%} |",
             f"| right, where the confidence is 0.4 or more | {_right(trial, 0.4)} |",
             f"| calibration error (10 bins) | {_calibration_error(trial):.3f} |"]
    if trial.foreign.any():
        lines += [f"| out of scope: AUROC | {roc_auc_score(trial.foreign, trial.strange):.3f} |"]
    return "\n".join(lines)


def _right(trial: Trial, least: float) -> str:
    sure = trial.confidence >= least
    return f"{(trial.guess == trial.truth)[sure].mean():.1%} of the {sure.mean():.1%}"


def scope(trial: Trial) -> str:
    """What a threshold on out_of_scope, beside the intents that aren't ours, keeps out."""
    named = np.isin(trial.guess, np.unique(trial.truth[trial.foreign]))
    lines = []
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        away = named | (trial.strange > threshold)
        lines.append(f"| {threshold} | {away[trial.foreign].mean():.1%} | {away[~trial.foreign].mean():.1%} |"
                     if trial.foreign.any() else f"| {threshold} | | {away.mean():.1%} |")
    return "\n".join(["## Ours, or not?", "", "| out_of_scope above | not ours: kept out | ours: turned away |",
                      "| --- | --- | --- |", *lines])


def intents(trial: Trial) -> str:
    names = np.unique(trial.truth)
    table = zip(names, *precision_recall_fscore_support(trial.truth, trial.guess, labels=names, zero_division=0),
                strict=True)
    lines = [f"| {name} | {count} | {precision:.0%} | {recall:.0%} | {f1:.0%} |"
             for name, precision, recall, f1, count in sorted(table, key=lambda row: row[3])]
    return "\n".join(["## Intents, weakest first", "", "| intent | examples | precision | recall | F1 |",
                      "| --- | --- | --- | --- | --- |", *lines])


def confusions(trial: Trial) -> str:
    wrong = trial.guess != trial.truth
    pairs = Counter(zip(trial.truth[wrong], trial.guess[wrong], strict=True))
    lines = []
    for (truth, guess), count in pairs.most_common(WORST):
        at = np.flatnonzero((trial.truth == truth) & (trial.guess == guess))
        said = " · ".join(f"{trial.texts[place]} ({trial.confidence[place]:.2f})" for place in at[:4])
        lines.append(f"| {truth} | {guess} | {count} | {said.replace('|', '/')} |")
    return "\n".join(["## The worst confusions", "", "| is | taken for | times | such as (confidence) |",
                      "| --- | --- | --- | --- |", *lines])


def reliability(trial: Trial) -> str:
    lines = [f"| {low:.1f} to {high:.1f} | {count} | {mean:.2f} | {right:.2f} |"
             for low, high, count, mean, right in _bins(trial)]
    return "\n".join(["## Is the confidence honest?", "", "| confidence | examples | mean of it | right |",
                      "| --- | --- | --- | --- |", *lines])


def _bins(trial: Trial) -> list[tuple[float, float, int, float, float]]:
    right = trial.guess == trial.truth
    found = []
    for low, high in pairwise(BINS):
        inside = (trial.confidence > low) & (trial.confidence <= high)
        if inside.any():
            found.append((low, high, int(inside.sum()), float(trial.confidence[inside].mean()),
                          float(right[inside].mean())))
    return found


def _calibration_error(trial: Trial) -> float:
    return sum(count * abs(mean - right) for *_, count, mean, right in _bins(trial)) / len(trial.texts)


def draw(trial: Trial, file: Path) -> None:
    """Who is taken for whom, each row adding up to 1, and confidence against truth."""
    names = np.unique(trial.truth)
    share = np.array([[np.mean(trial.guess[trial.truth == truth] == guess) for guess in names] for truth in names])
    figure, (left, right) = plt.subplots(1, 2, figsize=(22, 14), width_ratios=[3, 1], layout="constrained")
    left.imshow(np.sqrt(share), cmap="Blues", vmin=0, vmax=1)  # the root makes rare mistakes visible
    left.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    left.set_yticks(range(len(names)), names, fontsize=8)
    for row, column in np.argwhere(share >= 0.03):
        left.text(column, row, f"{share[row, column] * 100:.0f}", ha="center", va="center", fontsize=6,
                  color="white" if share[row, column] > 0.4 else "black")
    left.set(xlabel="taken for", ylabel="is", title=f"{np.mean(trial.guess == trial.truth):.1%} right (cells: %)")
    right.plot([0, 1], [0, 1], color="grey", linestyle=":")
    right.plot([row[3] for row in _bins(trial)], [row[4] for row in _bins(trial)], marker="o")
    right.set(xlabel="confidence", ylabel="share right", title="Is the confidence honest?", aspect="equal")
    figure.savefig(file, dpi=110)
    plt.close(figure)
