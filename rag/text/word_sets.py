"""Sets of words written as running text, and the stop words: what a claim and a search both pass over, and where the
two differ and why."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as running text."""
    return frozenset(text.split())


_ENGLISH = word_set("""
    a about above across after again against all along also although amid among an and another any are around as at
    be because been before being below between both but by can could d did do does doing done down during each even
    few for from further had has have having he her here hers herself him himself his how however i if in into is it
    its itself just like ll m may me might more most much must my myself now of off on once one ones only onto
    or other our ours out over own per please quite re s said same say says shall she should since so some still
    such t tell than that the their theirs them themselves then there these they this those though through thus to too
    toward towards under until up upon us ve very via was we were what whatever when whence where whether which
    while who whoever whom whose why will with within would yes yet you your yours
    """)
_FRENCH = word_set("""
    à au aux avec ce ces cette combien comme dans de des du elle elles en est et eux il ils je la le les leur lui
    mais mes moi mon nos notre nous ont ou où pourquoi qu quand que quel quelle quelles quels qui quoi sa se ses sont
    sur ta te tes toi tu un une vos votre vous été être était
    """)

# Who speaks is compared by name and by role, and when by its date; the bare verb, title or "later" beside it adds
# nothing to the claim. A search finds by them: who "told the court", why it opened "later than promised".
_SEARCHED = word_set("according tells told saying mr mrs ms dr later")

# A search finds nothing by these, but in a claim they count: a denial, how many, what somebody got, the hour ("10 am"),
# and French words that English reads as a son, a ton, to pour, par, a comment.
_CLAIMING = word_set("""
    no nor not ne pas without many others else ever rather ought let get gets got am son ton pour par comment
    """)

CLAIM_STOP_WORDS = _ENGLISH | _FRENCH | _SEARCHED
"""Carry no claim that could be found in a quote or missed there."""

SEARCH_STOP_WORDS = _ENGLISH | _FRENCH | _CLAIMING
"""Tell no article from another."""
