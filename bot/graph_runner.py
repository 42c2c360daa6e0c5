"""Runs a Rasa graph one node after the other, in place of Rasa's runner built on Dask."""
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphSchema
from rasa.engine.runner.interface import GraphRunner as RasaGraphRunner
from rasa.engine.storage.storage import ModelStorage


class GraphRunner(RasaGraphRunner):
    """Each node once, its needs first."""

    def __init__(self, schema: GraphSchema, storage: ModelStorage, context: ExecutionContext,
                 hooks: list[Any] | None = None) -> None:
        self._needs = {name: list(node.needs.values()) for name, node in schema.nodes.items()}
        self._targets = schema.target_names
        self._nodes = {name: GraphNode.from_schema_node(name, node, storage, context, hooks)
                       for name, node in schema.nodes.items()}

    @classmethod
    def create(cls, graph_schema: GraphSchema, model_storage: ModelStorage,
               execution_context: ExecutionContext, hooks: list[Any] | None = None) -> "GraphRunner":
        return cls(graph_schema, model_storage, execution_context, hooks)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for target in targets or self._targets:
            self._visit(target, done)
        return dict(done[name] for name in targets or self._targets)

    def components(self) -> list[Any]:
        """What the nodes run."""
        return [node._component for node in self._nodes.values()]

    def _visit(self, name: str, done: dict[str, Any]) -> Any:
        if name not in done:
            if name not in self._nodes:  # an input that was not given; the node that wants it copes
                return name
            done[name] = self._nodes[name](*[self._visit(need, done) for need in self._needs[name]])
        return done[name]
