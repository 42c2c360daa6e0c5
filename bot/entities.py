"""Entities: injuries, body parts, races, days and times, found by spaCy in a blank English pipeline.

Which words count is data: `bot/words/entities.yml`. A misspelt long word is put right first, to the nearest word
that the data knows (rapidfuzz), so that "acheles tendinitus" is found.
"""
from pathlib import Path
from typing import Any

import spacy
import yaml
from rapidfuzz import fuzz, process
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

WORDS = Path(__file__).parent / "words" / "entities.yml"
SHORTEST = 6
"""Letters. Shorter words are too like one another to guess at."""
NEAR = 84.0
"""How alike, of 100, a misspelt word must be to one in the data."""


class Words:
    """The phrases of `entities.yml`, ready to be found in a text."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._nlp: Language = spacy.blank("en")
        ruler = self._nlp.add_pipe("span_ruler", config={"spans_key": "found", "phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(list(_phrases(data["phrases"])) + list(_patterns(data["patterns"])))
        words = {word for forms in data["phrases"].values() for phrases in forms.values() for phrase in phrases
                 for word in str(phrase).lower().split()}
        self._long = sorted(word for word in words if len(word) >= SHORTEST)
        self._known = words | set(data["not_slips"])

    @classmethod
    def load(cls, file: Path = WORDS) -> "Words":
        return cls(yaml.safe_load(file.read_text(encoding="utf-8")))

    def find(self, text: str) -> list[dict[str, Any]]:
        """The entities in *text*, as Rasa has them: entity, value (the canonical name), start and end."""
        doc = self._nlp(self._put_right(self._nlp.make_doc(text)))
        spans = filter_spans(doc.spans["found"])
        return [{"entity": span.label_, "value": span.id_ or span.text.lower(), "start": _start(doc, span.start),
                 "end": _end(doc, span.end)} for span in spans]

    def _put_right(self, doc: Doc) -> Doc:
        words = [self._nearest(token.lower_) for token in doc]
        right = Doc(self._nlp.vocab, words=[word or token.text for word, token in zip(words, doc, strict=True)],
                    spaces=[bool(token.whitespace_) for token in doc])
        right.user_data["places"] = [(token.idx, token.idx + len(token)) for token in doc]
        return right

    def _nearest(self, word: str) -> str | None:
        if len(word) < SHORTEST or word in self._known or not word.isalpha():
            return None
        best = process.extractOne(word, self._long, scorer=fuzz.ratio, score_cutoff=NEAR)
        return best[0] if best else None


def _phrases(labels: dict[str, dict[str, list[str]]]) -> Any:
    for label, forms in labels.items():
        for name, phrases in forms.items():
            for phrase in phrases:
                yield {"label": label, "id": name, "pattern": str(phrase).lower()}


def _patterns(labels: dict[str, list[list[dict[str, Any]]]]) -> Any:
    for label, patterns in labels.items():
        for pattern in patterns:
            yield {"label": label, "pattern": pattern}


def _start(doc: Doc, token: int) -> int:
    return int(doc.user_data["places"][token][0])


def _end(doc: Doc, token: int) -> int:
    return int(doc.user_data["places"][token - 1][1])


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
