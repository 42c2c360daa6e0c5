"""`frontdesk init`: the sample clinic, copied for a clinic to make it its own."""
import shutil
from pathlib import Path

from clinic.errors import ClinicError
from clinic.settings import ROOT, Settings


class FolderTaken(ClinicError):
    """There is something in the folder already, and nothing of it may be lost."""


async def begin(settings: Settings, folder: Path) -> None:
    """Copy the sample to *folder*. Raises FolderTaken."""
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(f"{folder} is not empty. Name a new folder: nothing there is overwritten.")
    shutil.copytree(ROOT / "content", folder, dirs_exist_ok=True)
    print(f"The sample clinic is in {folder}. Next:\n"
          f"  1. edit {folder / 'clinic.yml'} (and take out `sample: true` when it is yours)\n"
          "  2. `frontdesk content todo` lists the questions that wait for your answer\n"
          f"  3. put FRONTDESK_CONTENT={folder.absolute()} into `.env`, for every command; then `make run`")
