"""Whether a sentence asserts what its quotes assert: negation, possibility and opposite words.

A negation reaches over the next content words of its clause, a modal over the verb that follows. A claim's word must
have, somewhere in the quotes, an occurrence of the same polarity and at least the same certainty. Nothing here needs
a parser; it errs towards refusing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rag.text.tokens import Token, stem
from rag.text.word_sets import word_set

_NEGATIONS = word_set("""
    not no never nor neither none nobody nothing nowhere without cannot hardly barely scarcely rarely ne n pas
    jamais aucun aucune sans ni non nicht kein keine keinen nie ohne nunca sin 不 没 没有 未 无
    """)
_COUNTS_OUT = word_set("no none neither")
_NEGATIVE_VERBS = word_set("deni refus fail declin lack prevent avoid refut absenc halt stop cancel unabl imposs")
_NEGATION_REACH = 3
"""Content words after a negation that it turns round; enough for "did not publicly sign the treaty"."""

_POSSIBLE = word_set("""
    may might could possibl possibli perhap mayb alleg allegedli reportedli suppos likeli unlikely potenti potentially
    if unless whether
    """)
_INTENDED = word_set("""
    will would shall should must plan intend expect aim hope want seek threaten propos consid urg ask demand vow
    pledg promis prepar try attempt offer schedul set due ought wish mull eye call
    """)
INTENTION, _FACT = 1, 2
"""The certainty of what is intended, and of what is simply said; 0 is a possibility."""
_CLAUSE_BREAKS = frozenset('.!?;:,()"')
_CLAUSE_WORDS = word_set("but although though while whereas because since unless except instead however and mais")

_OPPOSITES = """
rise increase climb soar jump grow surge gain up higher / fall decrease drop decline plunge shrink slump lose down lower
win victory beat / lose loss
support favour favor endorse approve welcome accept agree adopt / oppose reject criticise condemn refuse disapprove veto
expand widen / shrink narrow
arrive enter join / depart quit exit withdraw
open reopen start begin launch / close shut end finish stop cancel suspend
buy purchase acquire / sell
acquit innocent clear / convict guilty
arrest detain jail imprison / release free
more most / less least fewer fewest
best better strong stronger strengthen / worst worse weak weaker weaken
alive survive survivor / dead die kill
legal lawful / illegal unlawful
safe / unsafe dangerous
confirm / deny
allow permit let legalise legalize / ban forbid prohibit outlaw bar
appoint hire elect / dismiss sack fire oust resign
before / after
first / last
import / export
north northern / south southern
east eastern / west western
man boy male / woman girl female
son / daughter
father / mother
brother / sister
husband / wife
morning / evening
early earlier / late later
able / unable
likely / unlikely
success succeed successful / fail failure unsuccessful
older oldest / younger youngest
majority / minority
maximum / minimum
ally friend / enemy foe rival
"""
"""Words on one side of a line mean the opposite of those on the other, in news use."""

_NEGATIVE_PREFIXES = ("un", "dis", "in", "im", "il", "ir", "non")
_SHORTEST_ROOT = 4
"""Letters that a root needs before a negative prefix is believed: `unit` is not the opposite of `it`."""


@dataclass(frozen=True, slots=True)
class Stance:
    """How one occurrence of a word is asserted."""

    stem: str
    negated: bool
    certainty: int


def stances(tokens: Sequence[Token]) -> Iterator[Stance]:
    """The stance of every content word, in order."""
    reach, negated, pending = 0, False, _FACT
    for token in tokens:
        word = token.text.casefold()
        if token.text in _CLAUSE_BREAKS or word in _CLAUSE_WORDS:
            reach, negated, pending = 0, False, _FACT
            continue
        is_denied = negated and reach > 0
        if _is_negation_word(word):
            reach, negated = _NEGATION_REACH, not is_denied
            continue
        modal = _modal(token)
        if token.is_content:
            yield Stance(token.stem, is_denied, pending)
            reach -= 1
            pending = _FACT
        if token.stem in _NEGATIVE_VERBS:
            reach, negated = _NEGATION_REACH, not is_denied
        if modal is not None:
            pending = min(modal, pending)


def _modal(token: Token) -> int | None:
    """The certainty that this word leaves to the verb after it; None where it is not a modal. "May" with a capital
    inside a sentence is a month."""
    if token.text == "May" and not token.opens:
        return None
    for words, certainty in ((_POSSIBLE, 0), (_INTENDED, 1)):
        if token.stem in words or token.text.casefold() in words:
            return certainty
    return None


def has_negation(tokens: Sequence[Token]) -> bool:
    """Whether a negation, or a verb that is one ("refused", "failed"), stands anywhere."""
    return any(_is_negation(token) for token in tokens)


def _is_negation(token: Token) -> bool:
    return _is_negation_word(token.text.casefold()) or token.stem in _NEGATIVE_VERBS


def _is_negation_word(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def contradiction(claim: Sequence[Token], quotes: Sequence[Sequence[Token]]) -> str:
    """Why the quotes do not assert what the claim asserts, in words for a reader; empty where they do."""
    known: dict[str, list[Stance]] = {}
    for stance in (stance for quote in quotes for stance in stances(quote)):
        known.setdefault(stance.stem, []).append(stance)
    stances_of_claim = list(stances(claim))
    if has_negation(claim) and not any(has_negation(quote) for quote in quotes):
        return "the sentence denies something that the quotes do not deny"
    for stance in stances_of_claim:
        occurrences = known.get(stance.stem, [])
        if occurrences and all(found.negated != stance.negated for found in occurrences):
            return (
                f"the sentence and the quotes disagree on whether {stance.stem!r} is so"
                if not stance.negated
                else "the quotes do not deny this"
            )
        if occurrences and all(found.certainty < stance.certainty for found in occurrences):
            return "the quotes give this as possible or intended, the sentence as certain"
    return _opposite_word({token.stem for token in claim}, {token.stem for quote in quotes for token in quote})


def denied_words(question: Sequence[Token], quote: Sequence[Token]) -> frozenset[str]:
    """The stems of a yes/no question that the quote has, and denies wherever it has them; empty for a question that
    denies something itself."""
    if has_negation(question):
        return frozenset()
    told: dict[str, list[Stance]] = {}
    for stance in stances(quote):
        told.setdefault(stance.stem, []).append(stance)
    asked = {stance.stem for stance in stances(question)} - _said_of_another(quote)
    return frozenset(stem for stem in asked & told.keys() if all(one.negated for one in told[stem]))


def _said_of_another(quote: Sequence[Token]) -> set[str]:
    """The stems behind what "no" counts out: "no party has ever won with less" is of others, and denies no victory."""
    found: set[str] = set()
    before: int | None = None
    for token in quote:
        word = token.text.casefold()
        if word in _COUNTS_OUT:
            before = 0
        elif token.text in _CLAUSE_BREAKS or word in _CLAUSE_WORDS:
            before = None
        elif before is not None and token.is_content:
            if before:
                found.add(token.stem)
            before += 1
    return found


@cache
def _opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    lines = (line.split(" / ") for line in _OPPOSITES.strip().splitlines())
    return tuple((frozenset(map(stem, left.split())), frozenset(map(stem, right.split()))) for left, right in lines)


def _opposite_word(claim: set[str], quotes: set[str]) -> str:
    for left, right in _opposites():
        for ours, theirs in ((left, right), (right, left)):
            shared = ours & theirs
            if claim & (ours - shared) and quotes & (theirs - shared) and not quotes & ours and not claim & theirs:
                return f"the quotes say {min(quotes & theirs)!r} where the sentence says {min(claim & ours)!r}"
    for word in (word for word in claim - quotes if len(word) >= _SHORTEST_ROOT):
        for prefix in _NEGATIVE_PREFIXES:
            if prefix + word in quotes or (
                word.startswith(prefix) and len(word) >= len(prefix) + _SHORTEST_ROOT and word[len(prefix) :] in quotes
            ):
                return "the quotes say the opposite"
    return ""
