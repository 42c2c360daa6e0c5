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
_NEAR_TO_ME = (r"(?:dad|father|mum|mom|mam|mother|parents?|wife|husband|partner|fianc[eé]e?|boyfriend|girlfriend|son|"
               r"daughter|brother|sister|friend|mate|nan|gran|granny|grandma|grandad|grandpa|grandfather|grandmother|uncle|aunt|"
               r"auntie|cousin|niece|nephew|colleague|flatmate|housemate|neighbour|child|kid)")
_CAPITAL = rf"(?-i:(?=[^\W\d_a-z])){_WORD}"
FOR_WHOM = re.compile(
    rf"\b(?:(?:appointment|booking|session|slot|it|this|that)(?:['’]?s| is| will be| would be)? for"
    rf"|(?:for|book|booking|bring|bringing|is|it['’]?s|that['’]?s|called) (?:my|our) (?:\w+ )?{_NEAR_TO_ME}(?: called)?"
    rf"|(?:in|under|on) the name(?: of)?|comes? is|person coming is),?\s+"
    rf"(?P<name>{_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})", re.I)
"""Who comes, where somebody else writes: "the appointment is for Eve Jones", "for my dad, Bob"."""
NAMELIKE = re.compile(rf"{_WORD}(?:,?\s+{_WORD}){{0,7}}")
"""One to eight words, the last name first if they like."""
