"""Where a sentence may end early: behind its main clause, before a clause that only adds to it."""

# ruff: noqa: RUF001  (quotation marks of many kinds are what is read here)

from __future__ import annotations

import re

from rag.text.word_sets import word_set

_MAIN_WORDS = 7
"""A main clause of fewer words is more likely the subject alone: "The bridge, which fell in March, ..."."""

_BORDER = re.compile(r",\s+(?=(?P<word>[^\W\d_]+))|;\s+|\s[—–]\s")
_RELATIVES = word_set("which who whom whose where")
_PARTICIPLE = re.compile(r"[a-z]{3,}ing\b")
_CHANGES_MEANING = re.compile(
    r"\b(?:not|no|never|nor|neither|without|unless|if|but|although|though|however|despite|except|only|yet|until|"
    r"according|den(?:y|ies|ied|ying)|dismiss\w*|disput\w*|reject\w*|pending|depending|assuming|provid(?:ed|ing)|barring)\b"
    r"|n['’]t\b|^\w+ing\s+that\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[\"“”„«»]")
_WORD = re.compile(r"\w+")


def main_clause_length(sentence: str) -> int:
    """How many characters of the sentence its main clause takes; all of them where nothing can go without a change of
    what is said.

    What may go stands behind the main clause to the end of the sentence: after a semicolon, or a relative or participle
    clause. It holds no quotation, denial, condition or source.
    """
    for border in _BORDER.finditer(sentence):
        head, rest = sentence[: border.start()], sentence[border.end() :]
        if len(_WORD.findall(head)) >= _MAIN_WORDS and _may_go(border, rest) and not _MARKS.search(rest):
            return border.start()
    return len(sentence)


def _may_go(border: re.Match[str], rest: str) -> bool:
    if _CHANGES_MEANING.search(rest):
        return False
    mark = border.group().strip()
    if mark == ";":
        return True
    if mark != ",":
        # A dash opens a parenthesis where another one closes it.
        return not re.search(r"\s[—–]\s", rest) and _opens_addition(rest)
    # "the mayor, who lost, said": the main clause goes on behind the next comma.
    return "," not in rest and not re.search(r"\s[—–]\s|;", rest) and _opens_addition(rest)


def _opens_addition(rest: str) -> bool:
    word = rest.split(maxsplit=1)[0] if rest else ""
    return word in _RELATIVES or bool(_PARTICIPLE.match(word))
