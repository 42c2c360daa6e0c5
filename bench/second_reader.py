"""What the second reader of danger hears of messages that it has not seen: by meaning, by words, by the mean of both.

python -m bench.second_reader: a quarter of the described messages is held back, the rest is learnt from. Beside it, how
much the number of described messages tells."""
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.nlu_examples import examples
from bot import slim
from bot.encoder import encoder_at
from bot.vector_cache import VectorCache
from clinic.conversation import LEVELS
from clinic.settings import ROOT, Settings

slim.install()
from bot.danger import PRESENTATIONS, RAISED, Likeness, presentations  # noqa: E402 - Rasa loads only after slim

LOOK_ALIKES_RAISED, ORDINARY_RAISED = 0.03, 0.01
"""Where each is compared: at the share of harmless look-alikes (of ordinary messages) that it would raise."""
console = Console(width=110)


def main() -> None:
    settings = Settings.read()
    described = [one for file in PRESENTATIONS for one in presentations(file)]
    ordinary = [text for text, _ in examples(ROOT / "data")]
    texts, levels = [text for text, _ in described] + ordinary, [level for _, level in described]
    console.print(f"{len(described)} described messages, {len(ordinary)} ordinary ones")
    views = VectorCache(encoder_at(settings.encoder), settings.home / "cache")(texts)
    chance = np.random.default_rng(0)
    held = chance.random(len(texts)) < 0.25
    table = Table("learnt from", "by", *(f"{level}" for level in RAISED), "contraindication",
                  title="heard of what was held back, where 3 % of its look-alikes are raised (contraindication: "
                        "1 % of ordinary messages)")
    for share in (0.25, 1.0):
        learnt = ~held & ((np.arange(len(texts)) >= len(described)) | (chance.random(len(texts)) < share))
        places = np.flatnonzero(learnt)
        model = Likeness.fit([texts[place] for place in places], views[places],
                             [levels[place] for place in places if place < len(described)])
        tested = np.flatnonzero(held)
        meaning = model.compared.nearness(views[tested]) @ model.weights
        words = model.lexical.scores([texts[place] for place in tested])
        for name, found in {"meaning": meaning, "words": words, "both": (meaning + words) / 2}.items():
            table.add_row(f"{share:.0%}" if name == "meaning" else "", name, *_heard(found, tested, levels))
    console.print(table)


def _heard(found: np.ndarray, tested: np.ndarray, levels: list[str]) -> list[str]:
    """The share heard of each level and of contraindications; *found*: m x 4 for the texts *tested*."""
    meant = np.array([levels[place] if place < len(levels) else "ordinary" for place in tested])
    shares = []
    for column, level in enumerate((*RAISED, "contraindication")):
        edge = (np.quantile(found[meant == "ordinary", column], 1 - ORDINARY_RAISED) if level not in RAISED else
                np.quantile(found[meant == "none", column], 1 - LOOK_ALIKES_RAISED))
        right = np.isin(meant, LEVELS[LEVELS.index(level):] if level in RAISED else [level])
        shares.append(f"{(found[right, column] >= edge).mean():.0%}")
    return shares


if __name__ == "__main__":
    main()
