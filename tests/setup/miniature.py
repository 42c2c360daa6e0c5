"""A checkout in small, which `setup` sets up like the real one: its packages are a few lines each and lie beside it."""
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from clinic.settings import ROOT

COMMAND = '''
import sys

def main():
    if sys.argv[1:2] == ["train"]:
        print("model: nothing changed")
    else:
        from importlib.metadata import version
        print("frontdesk with tiny", version("tiny"), *sys.argv[1:])
'''
EXPORT = '''
import sys
from pathlib import Path

import tool  # only there while this runs

for name in ("tokenizer.json", "encoder.onnx"):
    (Path(sys.argv[1]) / name).write_text("numbers")
'''


class Miniature:
    """The checkout in *folder*, and what runs in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a check out"
        self.wheels = folder / "wheels"
        self.wheels.mkdir(parents=True)
        shutil.copytree(ROOT / "setup", self.root / "setup")
        for name in ("__init__", "errors", "settings", "channel_settings"):
            self.write(f"clinic/{name}.py", (ROOT / "clinic" / f"{name}.py").read_text())
        self.write("desk/cli.py", COMMAND)
        self.write("bootstrap.py", "def rasa():\n    print('our own rasa')\n")
        self.write("bot/export_encoder.py", EXPORT)
        self.pin("requirements.lock", "tiny==1.0")
        self.pin("requirements-dev.lock", "tiny==1.0", "tester==1.0")
        self.pin("requirements-build.lock", "tool==1.0")

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def pin(self, lock: str, *pins: str) -> None:
        """Let *lock* pin the packages "name==version", which are made."""
        self.write(lock, "".join(f"{pin} \\\n    --hash=sha256:{self._wheel(*pin.split('=='))}\n" for pin in pins))

    def _wheel(self, name: str, version: str) -> str:
        info = f"{name}-{version}.dist-info"
        files = {f"{name}.py": "", f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
                 f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
        hashes = {file: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
                  for file, text in files.items()}
        files[f"{info}/RECORD"] = "".join(f"{file},sha256={hashes[file]},{len(files[file])}\n" for file in hashes)
        wheel = self.wheels / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for file, text in files.items():
                archive.writestr(zipfile.ZipInfo(file), text)
        return hashlib.sha256(wheel.read_bytes()).hexdigest()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`python setup`, with no package index but the wheels beside it."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTDESK_", "PIP_"))}
        environ = {**ours, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.wheels.as_uri(), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.Popen([sys.executable, "setup", *arguments], cwd=self.root, text=True, env=environ,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def set_up(self, *arguments: str) -> tuple[int, str]:
        """The exit code of set-up, and all that it said."""
        process = self.start(*arguments)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said

    def runs(self, command: str, *arguments: str) -> str:
        """What a command of the environment says."""
        return subprocess.run([self.root / ".venv" / "bin" / command, *arguments], capture_output=True, text=True,
                              check=True).stdout.strip()
