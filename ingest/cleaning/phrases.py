"""The words by which lines of a page's boilerplate are known, folded to lower case, without the marks around them.

Every phrase stands for a whole line, or for what comes before its colon, as `cleaning.py` says. A phrase is here
because news pages print it on a line of its own, where no article's own heading reads so.
"""

from __future__ import annotations

_RELATED = ["topics", "topic", "articles", "stories", "story", "news", "content", "links", "coverage", "posts",
            "reading", "tags"]  # fmt: skip

MARKERS = frozenset(
    ["related", *(f"related {what}" for what in _RELATED), "more news", "more stories", "more headlines",
     "more coverage", "more on this", "more on this story", "more on this topic", "more from us", "other news",
     "latest news", "latest stories", "top stories", "top news", "read also", "also read", "read more", "read next",
     "read on", "see also", "see more", "watch also", "also watch", "watch more", "keep reading", "what to read next",
     "up next", "don't miss", "in case you missed it", "you may also like", "you might also like", "you may like",
     "you may be interested in", "recommended for you", "recommended stories", "most read", "most popular",
     "most viewed", "trending", "trending now", "popular now", "editor's pick", "editor's picks", "editors' picks",
     "tags", "tag", "topics", "keywords", "filed under", "more in this section", "read the full story",
     "lire aussi", "à lire aussi", "à lire également", "sur le même sujet", "lesen sie auch", "mehr zum thema",
     "lea también", "te puede interesar", "noticias relacionadas", "leia também", "leia mais", "leggi anche",
     "lees ook", "czytaj także", "czytaj też", "zobacz także", "читайте также", "по теме", "читайте також", "за темою"]
)  # fmt: skip
"""A block of links follows, in lines or behind a colon."""

LABELS = frozenset(["more", "live updates", "live blog", "gallery", "photo gallery", "in pictures", "for subscribers"])
"""The headline of another article follows behind the colon."""

PROMOTIONS = frozenset(
    ["advertisement", "advertisements", "advertising", "advertisement feature", "sponsored", "sponsored content",
     "promoted", "promoted content", "paid content", "subscribe", "subscribe now", "subscribe today", "subscribe here",
     "sign up", "sign up now", "sign up here", "sign in", "log in", "follow us", "comment", "comments",
     "leave a comment", "post a comment", "join the conversation", "all rights reserved", "back to top",
     "back to the top", "show more", "show less", "load more", "click here", "read more here", "menu", "newsletter",
     "key events", "show key events only", "newest first", "oldest first", "terms of use", "terms of service",
     "privacy policy", "privacy settings", "cookie policy", "cookie settings", "cookie preferences", "manage cookies",
     "report this comment", "be the first to comment", "sign in to comment", "log in to comment", "reply", "like",
     "load more updates", "show more updates", "load more posts", "load more comments", "pinned", "pinned post",
     "skip to content", "skip to main content", "continue reading", "get the app", "download the app", "loading",
     "accept cookies", "accept all cookies", "reject all cookies", "werbung", "anzeige", "publicité", "publicidad",
     "publicidade", "реклама"]
)  # fmt: skip
"""A whole line."""

SHARE_CALLS = frozenset(
    ["share", "share this", "share article", "share this article", "share this story", "share this update",
     "share this post", "share this entry", "share update", "share post", "tweet", "tweet this",
     "email this article", "email this to a friend", "save article", "save this article", "embed", "teilen",
     "partager", "compartir", "compartilhar", "condividi", "delen", "udostępnij", "поделиться", "поділитися",
     "copy link", "link copied", "print this", "artikel teilen"]
)  # fmt: skip
"""A whole line: a button that is nothing else."""

SHARE_BUTTONS = SHARE_CALLS | frozenset(
    ["facebook", "twitter", "x", "whatsapp", "telegram", "linkedin", "reddit", "pinterest", "instagram", "youtube",
     "viber", "email", "e-mail", "mail", "print", "save", "flipboard", "messenger", "threads", "bluesky", "link"]
)  # fmt: skip
"""A whole line, in a row of such lines one of which is a call to share; elsewhere it may be an item of a list."""
