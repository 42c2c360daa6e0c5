"""Sets the project up: packages, sentence encoder, model. What did not change is skipped.

    python3.11 setup [--dev]

Standard library only, since nothing is installed yet; and this file runs under an old Python too, to say so.
"""
# ruff: noqa: UP032
import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def complaint():
    """What is wrong with this Python, and the remedy; None if nothing is."""
    here = "{}.{}".format(*sys.version_info[:2])
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return ("this is Python {} ({}), and 3.11, 3.12 or 3.13 is needed. Install Python 3.11 (with venv), or name "
                "one that you have: make run PYTHON=python3.12").format(here, sys.executable)
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "Python {0} can't make environments yet. On Debian and Ubuntu: apt install python{0}-venv".format(here)
    return None


if __name__ == "__main__":
    wrong = complaint()
    if wrong:
        sys.exit("Set-up stopped: " + wrong)
    from steps import set_up

    sys.exit(set_up("--dev" in sys.argv[1:]))
