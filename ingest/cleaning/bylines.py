"""Who wrote and pictured an article, and how to reach them, in the forms that stand on lines of their own.

What tells a credit from a sentence is that it names and does nothing else: every word but a few is capitalised.
"""

from __future__ import annotations

import re

_SMALL_WORDS = frozenset(
    ["and", "&", "und", "et", "y", "e", "of", "the", "for", "in", "at", "from", "via", "de", "del", "della", "di", "da",
     "dos", "du", "la", "le", "van", "von", "der", "den", "bin", "al", "el"]
)  # fmt: skip
"""Lower-case words of names of people, places and papers."""

_LOWER_NAMES = ("al-", "d'", "d’", "n'", "dpa", "iStock")  # noqa: RUF001
"""How names begin that are not capitalised."""

_ROLES = frozenset(
    ["reporter", "reporters", "correspondent", "correspondents", "writer", "writers", "editor", "editors", "producer",
     "producers", "journalist", "journalists", "columnist", "columnists", "photographer", "photographers", "staff",
     "bureau", "news", "sports", "wire", "reports", "agencies", "also"]
)  # fmt: skip
_ROLE_LINES = frozenset(
    ["staff writer", "staff writers", "staff reporter", "contributing writer", "opinion contributor",
     "opinion columnist", "guest columnist"]
)  # fmt: skip
_JOURNALIST = re.compile(
    r"\b(?:reporters?|columnists?|correspondents?|editors?|journalists?|writers?|covers)\b", re.IGNORECASE
)

_AGENCY = (
    r"(?:AP|AFP|EPA|EFE|DPA|dpa|ANSA|Reuters|REUTERS|Getty(?: Images)?|Shutterstock|iStock|Alamy|Bloomberg|Xinhua"
    r"|Anadolu|(?:The )?Associated Press|Agence France-Presse|PA Media)"
)
_AGENCY_ALONE = re.compile(_AGENCY)
_AGENCY_PART = re.compile(rf"{_AGENCY}(?: Photo| File| Agency)?(?: (?:via|for) [\w ]{{1,40}})?")
_VIA_AGENCY = re.compile(rf".{{3,60}} via {_AGENCY}")
_SIGNED_OFF = re.compile(rf"(?:[-–—−]+ ?{_AGENCY}|\({_AGENCY}\)|\[{_AGENCY}\])")  # noqa: RUF001

_PICTURE = r"(?:photo(?:graph)?|picture|image|illustration|foto|bild|фото)s?"
_PICTURE_CREDIT = re.compile(
    rf"(?:{_PICTURE}(?: credits?| source)?\s?[:/]|{_PICTURE} (?:by|courtesy of|via)\s|credits?:|courtesy of:?\s)",
    re.IGNORECASE,
)
_MAX_PICTURE_WORDS = 12

_TASK = r"(?:reporting|writing|editing|compiled|photography|translation)"
_TASKS = re.compile(
    rf"(?:(?:additional|further) )?{_TASK}(?:(?:,| and|, and) (?:additional )?{_TASK}){{0,3}} by\s", re.IGNORECASE
)
_NEXT_TASK = re.compile(r";\s*|\.\s(?=[A-Z][a-z]{2,20}ing )")
_CONTRIBUTORS = re.compile(
    r"(?:contributing|contributed|contributors?):|with (?:files|assistance|reporting) (?:from|by)\s", re.IGNORECASE
)
_TO_THIS = re.compile(r"(?: reporting)?(?: to (?:this|the reporting (?:of|for) this) (?:report|story|article|piece))?")

_BYLINE = re.compile(
    r"(?:by|written by|reported by|story by|words by|text by|par|por|von|(?:author|autor|autora|auteur|автор) ?:)\s+",
    re.IGNORECASE,
)
_BYLINE_TAIL = re.compile(r"[|•·]|\b(?:Published|Updated|Posted)\b")
_POSTED_BY = re.compile(r"posted by:?\s+", re.IGNORECASE)
_POSTED_AT = re.compile(r",? (?:at|on|in) |\s[-–—|·]\s|,? \d")  # noqa: RUF001
_MAX_BYLINE_WORDS = 14

_NETWORK = r"(?:Twitter|X|Facebook|Instagram|Bluesky|Threads|TikTok|Mastodon|LinkedIn|Signal)"
_ADDRESS = re.compile(r"@\w{2,}|\b(?:twitter|facebook|instagram|x)\.com/")
_ON_NETWORK = re.compile(rf"\b(?:on|and|or|via) {_NETWORK}\b")
_REACHING = ("each", "ollow", "ontact", "mail", "ind ", "essage ", "onnect ")
"""The verbs of the calls below; most lines hold none, and need not be searched further."""

_CALL = re.compile(
    r"(?:^|[.!?:;,)] |\band )(?:You can )?(?:also )?"
    r"(?:[Rr]each|[Ee]mail|[Cc]ontact|[Ff]ollow|[Ff]ind|[Mm]essage|[Cc]onnect with) "
    r"(?:him|her|them|the (?:reporter|writer|author)s?)\b"
)
_CAN_BE_REACHED = re.compile(r" can (?:also )?be (?:reached|contacted|followed|emailed) (?:at|on|via|by) ")
_FOLLOW = re.compile(
    r"Follow @\w{2,}|(?:Follow|Reach) (?!(?:the|our|us|all)\b)(?P<who>[^.:;!?]{2,60}?),? (?:on|at|via) "
)
_QUOTES = "\"“„«'‘"  # noqa: RUF001


def is_byline(line: str) -> bool:
    """Whether the line, above the text, says who wrote it: "By Ana Ruiz and Ben Cole". Some headings look the same."""
    if line.casefold() in _ROLE_LINES or _AGENCY_ALONE.fullmatch(line):
        return True
    begin = _BYLINE.match(line)
    if begin is None or line.endswith((".", "!", "?")):
        return False
    who = _BYLINE_TAIL.split(line[begin.end() :], maxsplit=1)[0]
    return 2 <= len(who.split()) <= _MAX_BYLINE_WORDS and _is_names(who)


def is_credit(line: str) -> bool:
    """Whether the line says who took a picture, or who else reported, edited or contributed."""
    if _SIGNED_OFF.fullmatch(line):
        return True
    posted = _POSTED_BY.match(line)
    if posted and len(line.split()) <= _MAX_BYLINE_WORDS:
        return _is_names(_POSTED_AT.split(line[posted.end() :], maxsplit=1)[0])
    bare = line.strip(" ()[]*_–—-−").rstrip(".")  # noqa: RUF001
    return _is_picture_credit(bare) or _is_tasks(bare) or _is_contribution(bare)


def is_contact(line: str) -> bool:
    """Whether the line tells how to reach or follow its writer: "Ana Ruiz is a reporter. Email her at ana@..."."""
    if line[:1] in _QUOTES or not any(verb in line for verb in _REACHING):
        return False
    if "@" not in line and _ON_NETWORK.search(line) is None:
        return False
    follow = _FOLLOW.match(line) if _ADDRESS.search(line) else None
    if follow is not None and (follow["who"] is None or _is_names(follow["who"], roles=True)):
        return True
    is_call = _CALL.search(line) is not None or _CAN_BE_REACHED.search(line) is not None
    return is_call and _JOURNALIST.search(line) is not None


def _is_picture_credit(bare: str) -> bool:
    if len(bare.split()) > _MAX_PICTURE_WORDS:
        return False
    begin = _PICTURE_CREDIT.match(bare)
    if begin is not None:
        return _is_names(bare[begin.end() :].replace("/", " "))
    parts = [part.strip() for part in bare.split("/")]
    is_agency = len(parts) > 1 and any(_AGENCY_PART.fullmatch(part) for part in parts)
    return (is_agency or _VIA_AGENCY.fullmatch(bare) is not None) and _is_names(bare.replace("/", " "))


def _is_tasks(bare: str) -> bool:
    """Whether the line is of the form "Reporting by X in London; editing by Y", in one or more parts."""
    if " by " not in bare:
        return False
    parts = [(part, _TASKS.match(part)) for part in _NEXT_TASK.split(bare)]
    return all(begin is not None and _is_names(part[begin.end() :]) for part, begin in parts)


def _is_contribution(bare: str) -> bool:
    begin = _CONTRIBUTORS.match(bare)
    if begin is not None:
        return _is_names(bare[begin.end() :], roles=True)
    who, verb, rest = bare.partition(" contributed")
    if not verb or not _is_names(who, roles=True):
        return False
    reporting, _, where = rest.partition(" from ")
    if _TO_THIS.fullmatch(reporting) is None or (where and not _is_names(where)):
        return False
    return bool(reporting) or _JOURNALIST.search(who) is not None


def _is_names(text: str, *, roles: bool = False) -> bool:
    """Whether every word is capitalised or one that stands in names; at least one is. Roles may be allowed, too."""
    words = [word.strip("()[]\"“”'’,.;:&/") for word in text.split()]  # noqa: RUF001
    names = [word for word in words if word and word.casefold() not in _SMALL_WORDS and not (roles and word in _ROLES)]
    return bool(names) and all(word[0].isupper() or word.startswith(_LOWER_NAMES) for word in names)
