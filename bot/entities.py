"""Entities: injuries, body parts, races, days and times, found by spaCy in a blank English vocabulary.

Which words count is data: `bot/words/entities.yml`. A slip in a long word is put right first, so that
"acheles tendinitus" is found.
"""
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import spacy
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.forms import PATTERN, WORD, Form, Forms, Sighting, plain, words_of
from bot.spelling import Spelling

WORDS = Path(__file__).parent / "words" / "entities.yml"
NOTHING = "nothing"
"""The label of forms that are known only so that the words in them count for nothing."""


class Words:
    """What `entities.yml` lists, found in a text."""

    def __init__(self, data: dict[str, Any]) -> None:
        listed = [(label, str(name), str(form)) for label, names in data["entities"].items()
                  for name, forms in names.items() for form in forms]
        forms = [Form(*given, rank) for rank, given in enumerate(listed)]
        simple = [form for form in forms if not PATTERN.search(form.text)]
        self._names: dict[str, dict[str, str]] = {label: {} for label in data["entities"]}
        for form in simple:
            if len(words_of(form.text)) == 1:
                self._names[form.label].setdefault(plain(form.text), form.name)
        classes = {label: list(names) for label, names in self._names.items()} | data["classes"]
        self._nlp = spacy.blank("en")
        self._forms = Forms(forms, classes, self._nlp.vocab)
        known = {word for form in simple for word in words_of(form.text)}
        self._spelling = Spelling(data["put_right"], known | set(data["not_slips"]))

    @classmethod
    def load(cls, file: Path = WORDS) -> "Words":
        return cls(yaml.safe_load(file.read_text(encoding="utf-8")))

    def find(self, text: str) -> list[dict[str, Any]]:
        """The entities in *text*, as Rasa has them: entity, value (the canonical name), start and end."""
        places = [match.span() for match in WORD.finditer(text)]
        words = [self._spelling.right(plain(text[start:end])) for start, end in places]
        if not words:
            return []
        with self._nlp.memory_zone():  # what visitors write does not stay in the vocabulary
            seen = _apart(self._forms.find(words))
        return [{"entity": s.form.label, "value": self._value(s, words, places),
                 "start": places[s.start][0], "end": places[s.stop - 1][1]} for s in seen]

    def _value(self, seen: Sighting, words: list[str], places: list[tuple[int, int]]) -> str:
        name, names = seen.form.name, self._names[seen.form.label]
        kept = range(seen.start, seen.stop)
        if "{said}" in name:
            gaps = ["" if n == seen.start or places[n - 1][1] == places[n][0] else " " for n in kept]
            name = name.replace("{said}", "".join(gap + names.get(words[n], words[n])
                                                  for gap, n in zip(gaps, kept, strict=True)))
        return name.replace("{named}", " ".join(names[words[n]] for n in kept if words[n] in names))


def _apart(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Those that claim a word first, longest first, in the order of the text."""
    taken: set[int] = set()
    kept = []
    for seen in sorted(sightings, key=lambda s: (-s.seen, s.form.rank, s.start)):
        if taken.isdisjoint(range(seen.start, seen.stop)):
            taken.update(range(seen.start, seen.stop))
            kept.append(seen)
    return sorted((seen for seen in kept if seen.form.label != NOTHING), key=lambda s: s.start)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class WordsExtractor(EntityExtractorMixin, GraphComponent):
    """`Words` as a component of Rasa's pipeline."""

    def __init__(self, words: Words) -> None:
        self._words = words

    @classmethod
    def create(cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "WordsExtractor":
        return cls(Words.load())

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            found = self.add_extractor_name(self._words.find(message.get(TEXT) or ""))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
