"""How a name stands in what somebody writes: introduced ("my name is Eve"), or by itself ("Jones, Bob")."""
import re
import unicodedata

_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x1E00)) if unicodedata.category(mark) in ("Mn", "Mc"))
"""What stands on, under or behind a letter in many scripts; to `re` it is no part of a word."""
_WORD = rf"[^\W\d_][\w{_MARKS}'’.-]*"
INTRODUCTION = (r"(?P<plainly>(?:my |the )?name is|my names|(?:my )?name['’]?s|name:|(?:i am|i['’]?m) called|call me)"
                r"\s+|(?:i am|i['’]?m|this is|it['’]?s|it is)\s+")
"""Words that a name follows; those that can't mean anything else are `plainly`."""
INTRODUCED = re.compile(rf"\b(?:{INTRODUCTION})(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})", re.I)
NAMELIKE = re.compile(rf"{_WORD}(?:,?\s+{_WORD}){{0,7}}")
"""One to eight words, the last name first if they like."""
