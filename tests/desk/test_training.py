"""`frontdesk train` says what it does, and leaves out what its libraries say meanwhile."""
import os
import re
import subprocess
import sys
from pathlib import Path

from clinic.settings import ROOT


def test_training_says_that_it_began_and_how_long_it_took_and_nothing_else(tmp_path: Path) -> None:
    trained = subprocess.run([sys.executable, "-c", "from desk.cli import main; main()", "train"], cwd=ROOT, timeout=99,
                             env={**os.environ, "FRONTDESK_MODEL": str(tmp_path / "model.tar.gz")},
                             capture_output=True, text=True, check=True)
    assert (tmp_path / "model.tar.gz").is_file()
    assert trained.stdout == ""
    assert re.fullmatch(r"model: training \.\.\.\nmodel: trained in \d+ s\n", trained.stderr)
