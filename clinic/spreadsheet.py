"""What a spreadsheet would take for a formula, whoever wrote it: in every table that leaves the house."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BLANK = " \u00a0\ufeff"
"""What some of them pass over at the beginning of a cell."""


def is_formula(cell: str) -> bool:
    return cell.startswith(FORMULA) or cell.lstrip(BLANK).startswith(FORMULA)
