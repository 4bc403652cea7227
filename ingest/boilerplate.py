"""The words by which lines of a page's furniture are known, folded to lower case, without the marks around them.

Every phrase stands for a whole line, a line's beginning, or what comes before its colon, as `cleaning.py` says.
"""

from __future__ import annotations

import re

_RELATED = [
    "topics",
    "topic",
    "articles",
    "stories",
    "story",
    "news",
    "content",
    "links",
    "coverage",
    "posts",
    "reading",
    "tags",
]

MARKERS = frozenset(
    ["related", *(f"related {what}" for what in _RELATED), "more news", "more stories", "more headlines",
     "more coverage", "more on this", "more on this story", "more on this topic", "more from us", "other news",
     "latest news", "latest stories", "top stories", "top news", "read also", "also read", "read more", "read next",
     "read on", "see also", "see more", "watch also", "also watch", "watch more", "listen", "further reading",
     "keep reading", "what to read next", "up next", "don't miss", "in case you missed it", "you may also like",
     "you might also like", "you may like", "you may be interested in", "recommended", "recommended for you",
     "recommended stories", "recommended reading", "most read", "most popular", "most viewed", "trending",
     "trending now", "popular now", "editor's pick", "editor's picks", "editors' picks", "tags", "tag", "topics",
     "keywords", "filed under", "more in this section", "lire aussi", "à lire aussi", "à lire également",
     "sur le même sujet", "lesen sie auch", "mehr zum thema", "lea también", "leia também", "leggi anche",
     "noticias relacionadas", "te puede interesar", "читайте также", "читайте також", "по теме", "за темою"]
)  # fmt: skip
"""A block of links follows, in lines or behind a colon."""

PROMOTIONS = frozenset(
    ["advertisement", "advertisements", "advertising", "sponsored", "sponsored content", "promoted",
     "promoted content", "paid content", "subscribe", "subscribe now", "subscribe today", "subscribe here",
     "sign up", "sign up now", "sign up here", "sign in", "log in", "follow us", "share", "share this",
     "share article", "tweet", "tweet this", "copy link", "print this", "comment", "comments", "leave a comment",
     "post a comment", "all rights reserved", "back to top", "show more", "load more", "click here", "menu",
     "werbung", "anzeige", "publicité", "publicidad", "реклама"]
)  # fmt: skip
"""A whole line."""

PROMOTION_BEGINNINGS = (
    "subscribe to ", "subscribe for ", "sign up for ", "sign up to ", "follow us on ", "follow us in ",
    "follow us at ", "follow our ", "like us on ", "find us on ", "connect with us ", "join us on ",
    "join our telegram", "join our whatsapp", "join our channel", "join our newsletter", "share this article",
    "share this story", "share this post", "share on ", "share via ", "email this ", "print this ", "click here to ",
    "tap here to ", "download our app", "get our newsletter", "get the newsletter", "story continues below",
    "article continues below", "scroll to continue", "continue reading the main story", "skip to main content",
    "skip advertisement", "skip past newsletter", "this site uses cookies", "we use cookies", "all rights reserved",
    "copyright ©", "© ", "have you got a story", "do you have a story", "got a tip", "got a story",
    "abonnez-vous à ", "suivez-nous sur ", "folgen sie uns ", "síguenos en ", "seguici su ", "подписывайтесь на ",
    "підписуйтесь на ",
)  # fmt: skip
"""A line of at most 25 words that begins so; imperatives to the reader of a page, which no news sentence opens with."""

SHARE_BUTTONS = frozenset(
    ["share", "tweet", "facebook", "twitter", "x", "whatsapp", "telegram", "linkedin", "reddit", "pinterest",
     "instagram", "youtube", "viber", "email", "e-mail", "mail", "print", "copy link", "flipboard", "messenger",
     "threads", "bluesky", "link"]
)  # fmt: skip
"""A whole line, where the line before or after is one, too."""

_AGENCY = (
    r"(?:AP|AFP|EPA|EFE|Reuters|REUTERS|Getty(?: Images)?|Shutterstock|iStock|Alamy|Bloomberg|Xinhua|Anadolu"
    r"|Handout|Pool)"
)
_PICTURE = r"(?:[Pp]hoto(?:graph)?|PHOTO|[Pp]icture|[Ii]mage|IMAGE|[Ii]llustration|[Gg]raphic|[Ff]oto|Фото)s?"

CREDIT = re.compile(
    rf"\(?(?:{_PICTURE}(?: credit| courtesy| source| caption)?\s?[:/]\s?\S.{{0,120}}"
    rf"|{_PICTURE} (?:by|courtesy of|via) .{{1,80}}?\b{_AGENCY}\b.{{0,40}}"
    rf"|[Cc]redits?: .{{1,80}}|{_AGENCY}(?: Photo)?(?:\s?/\s?.{{1,60}})?"
    rf"|\w[\w .\u2019'-]{{1,40}}/{_AGENCY}(?:\b.{{0,40}})?)\)?"
)
"""A whole line that credits a picture."""
