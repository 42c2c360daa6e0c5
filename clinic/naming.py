"""How a name stands in what somebody writes: introduced ("my name is Eve"), or by itself ("Jones, Bob")."""
import re

_WORD = r"[^\W\d_][\w'’.-]*"
INTRODUCTION = (r"(?P<plainly>(?:my |the )?name is|my names|(?:my )?name['’]?s|name:|(?:i am|i['’]?m) called|call me)"
                r"\s+|(?:i am|i['’]?m|this is|it['’]?s|it is)\s+")
"""Words that a name follows; those that can't mean anything else are `plainly`."""
INTRODUCED = re.compile(rf"\b(?:{INTRODUCTION})(?P<name>{_WORD}(?:\s+{_WORD}){{0,2}})", re.I)
NAMELIKE = re.compile(rf"{_WORD}(?:,?\s+{_WORD}){{0,3}}")
"""One to four words, the last name first if they like."""
