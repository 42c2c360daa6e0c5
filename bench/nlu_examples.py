"""The labelled examples of data/, read without Rasa."""
import re
from pathlib import Path

from ruamel.yaml import YAML

MARKED = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")  # [calf](body_part), [calf]{"entity": ...}


def examples(folder: Path) -> list[tuple[str, str]]:
    """Text and intent of every example in nlu.yml and nlu/*.yml of *folder*, once each, in order."""
    found: dict[tuple[str, str], None] = {}
    for file in [folder / "nlu.yml", *sorted((folder / "nlu").glob("*.yml"))]:
        for part in YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("nlu") or []:
            for line in part.get("examples", "").splitlines() if "intent" in part else ():
                found[MARKED.sub(r"\1", line.strip().removeprefix("-").strip()), part["intent"]] = None
    return [pair for pair in found if pair[0]]


def out_of_scope(config: Path) -> set[str]:
    """The intents that the classifier's entry in config.yml says aren't ours."""
    pipeline = YAML(typ="safe").load(config.read_text(encoding="utf-8"))["pipeline"]
    return {name for part in pipeline for name in part.get("out_of_scope", ())}
