"""The kit that each channel must pass: its provider's counterpart, and a visitor who writes through it."""
from pathlib import Path

DATA = Path(__file__).parent.parent.parent / "data"
