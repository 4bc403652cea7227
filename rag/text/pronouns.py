"""English pronouns by what they may stand for."""

from __future__ import annotations

SUBJECTS = frozenset(("he", "she", "they"))
"""Who does something; "it" is left out, for it often points to nothing ("it is raining")."""

OBJECTS = frozenset(("him", "them"))

OF_A_PERSON = SUBJECTS - {"they"} | frozenset(("him", "his", "her", "hers"))
OF_SEVERAL = frozenset(("they", "them", "their", "theirs"))
OF_A_THING = frozenset(("it", "its"))
PERSONAL = OF_A_PERSON | OF_SEVERAL | OF_A_THING
"""Personal and possessive pronouns of the third person."""

FIRST_PERSON = frozenset(("we", "us", "our", "ours", "my", "me", "mine"))
"""Without "I", which is a number, too."""

SECOND_PERSON = frozenset(("you", "your", "yours"))

DEMONSTRATIVE = frozenset(("this", "that", "these", "those"))
POINTING_BACK = PERSONAL | DEMONSTRATIVE | frozenset(("both", "such"))
"""What opens a sentence that leans on the one before it."""
