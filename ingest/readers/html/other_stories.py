"""Takes other stories out of a page: teasers, second articles, what an endless page appends, and readers' comments.

They are told by the page's structure: an element that holds a headline of its own, or a heading that leads to another
page of the site, belongs to another story; the element around the article's own headline is the article's.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import Any
from urllib.parse import urljoin, urlsplit

from ingest.metadata.dates import first_stated
from ingest.metadata.people import LABEL, people_in
from ingest.readers.html.layout import INLINE, Layout, drop, text_of, words_of
from ingest.readers.html.reader_comments import drop_comments

_MIN_STORY_WORDS = 60
"""What holds fewer words of paragraphs is a teaser at most."""

_MAX_WORDS_ABOVE = 20
_BYLINE_WITHIN = 3
_MAX_HEADINGS = 200
_MAX_BYLINE = 80
_MAX_TEASER_WORDS = 100
_MAX_TEASER_PARAGRAPHS = 3
_MAX_TEASER_ELEMENTS = 400
_CONTAINERS = ("div", "section", "article", "aside", "li", "figure")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_BLOCKS = frozenset(["p", "div", "h2", "h3", "h4", "h5", "section", "article", "li"])
_ARTICLE_TYPE = re.compile(r"schema\.org/\w*(?:Article|BlogPosting)$")
_TAIL_SECTION = re.compile(
    r"more from\b.{0,40}|more (?:stories|news|headlines|coverage)(?: (?:from|on|in|about|by)\b.{0,40})?"
    r"|(?:you (?:may|might) (?:also )?like|(?:what to )?read next|up next|keep reading|most (?:read|popular|viewed)"
    r"|recommended|trending|popular now|top stories|latest (?:news|stories)|editors?'?s? picks?|in case you missed it"
    r"|don't miss)(?: (?:in|from|on|for|by|now|today|this|stories|articles|reading|videos?)\b.{0,40})?",
    re.IGNORECASE,
)
"""Headings of what stands below an article; "Related" may also stand in its middle."""

_ARTICLE_CLASSES = frozenset(["article", "hentry", "post", "story"])
"""hentry: https://microformats.org/wiki/hatom."""

_TITLE_WORDS = 4


def without_other_stories(layout: Layout, *, title: str, url: str) -> bool:
    """Drop what belongs to other stories and to readers; return whether that was a whole story. Changes the tree.

    `url` is the article's address, empty where it is not known. Second articles are looked for only where the headline
    shows the title that the page declares.
    """
    own = _around(layout)
    drop_comments(layout, own)
    dropped_story = False
    if layout.headline is not None and _words(title) in _words(text_of(layout.headline)):
        dropped_story = _drop_second_articles(layout, own)
        dropped_story = _drop_appended_articles(layout, own, url) or dropped_story
        dropped_story = _drop_signed_sections(layout, own, url) or dropped_story
    _drop_teasers(layout, own, url)
    _drop_sections_below(layout, own)
    return dropped_story


def _around(layout: Layout) -> frozenset[Any]:
    if layout.headline is None:
        return frozenset()
    return frozenset((layout.headline, *layout.headline.iterancestors()))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _drop_second_articles(layout: Layout, own: frozenset[Any]) -> bool:
    """Drop the elements that hold articles with a headline of their own, where the page's headline has its own text."""
    root = _own_article(layout)
    if root is None:
        return False
    found = False
    for element in list(root.iter("article")):
        if element is not root and element not in own and _is_headed_teaser(element):
            drop(element)
    alike = _named_alike(layout.tree, (root, *root.iterancestors()))
    for element in [*_article_elements(layout.tree), *alike]:
        if element is root or element in own or root in element.iterancestors() or element.getparent() is None:
            continue
        found = words_of(element) >= _MIN_STORY_WORDS or found
        drop(element)
    return found


def _is_headed_teaser(element: Any) -> bool:
    return next(element.iter(*_HEADINGS), None) is not None and _is_short(element)


def _named_alike(tree: Any, own: tuple[Any, ...]) -> list[Any]:
    """Return the elements that have the tag and the class of the page's article, which says that it is one, and a
    heading above their text.
    """
    signatures = {(one.tag, one.get("class")) for one in own if _says_article(one)}
    return [
        element
        for element in (tree.iter("div", "section") if signatures else ())
        if (element.tag, element.get("class")) in signatures
        and (heading := next(element.iter(*_HEADINGS), None)) is not None
        and _words_before(heading, element) < _MAX_WORDS_ABOVE
    ]


def _says_article(element: Any) -> bool:
    return not _ARTICLE_CLASSES.isdisjoint((element.get("class") or "").lower().split())


def _drop_appended_articles(layout: Layout, own: frozenset[Any], url: str) -> bool:
    """Drop what has a first-level heading of its own beside the article, as endless pages append it."""
    found = False
    for heading in list(layout.tree.iter("h1")):
        branch, ours = _branches(heading, layout.headline, own)
        if branch is None or ours is None or heading in own or heading.getparent() is None:
            continue
        if branch is heading:
            leads_elsewhere = any(_leads_elsewhere(link, url) for link in heading.iter("a"))
            if ours is layout.headline and (
                leads_elsewhere or _begins_an_article(heading) or _is_behind_a_rule(heading)
            ):
                for element in (*heading.itersiblings(), heading):
                    found = words_of(element) + len(element.text_content().split()) >= _MIN_STORY_WORDS or found
                    drop(element)
        elif words_of(ours) >= _MIN_STORY_WORDS and _words_before(heading, branch) < _MAX_WORDS_ABOVE:
            found = words_of(branch) >= _MIN_STORY_WORDS or found
            drop(branch)
    return found


def _drop_signed_sections(layout: Layout, own: frozenset[Any], url: str) -> bool:
    """Drop what stands under a second-level heading with a byline and a date of its own, behind a text as long as a
    story; a box with a byline alone may stand in an article.

    One that is a link to another page of the site, or has a moment of its own below it, begins another story where no
    other is so: lists and chronicles have several.
    """
    words, is_below = 0, False
    apart = _set_apart(layout, own, url)
    headings = 0
    for element in list(layout.tree.iter("h1", "h2", "p")):
        is_below = is_below or element is layout.headline
        headings += element.tag == "h2"
        if headings > _MAX_HEADINGS:
            break
        if element.tag == "p":
            words += len(element.text_content().split()) if is_below else 0
        elif element.tag == "h2" and words >= _MIN_STORY_WORDS and element not in own:
            behind = [*element.itersiblings()]
            if not _is_signed(element) and not (element is apart and sum(map(words_of, behind)) >= _MIN_STORY_WORDS):
                continue
            for part in (*element.itersiblings(), element):
                drop(part)
            return True
    return False


def _set_apart(layout: Layout, own: frozenset[Any], url: str) -> Any | None:
    """Return the one second-level heading that leads to another page as a whole, or stands over a moment; or None."""
    found = [
        heading
        for heading in islice(layout.tree.iter("h2"), _MAX_HEADINGS)
        if heading not in own
        and (
            any(_leads_elsewhere(link, url) and text_of(link) == text_of(heading) for link in heading.iter("a"))
            or any(element.tag == "time" and element.get("datetime") for element in islice(heading.itersiblings(), 1))
        )
    ]
    return found[0] if len(found) == 1 else None


def _is_signed(heading: Any) -> bool:
    behind = list(islice(heading.itersiblings(), _BYLINE_WITHIN))
    lines = [text_of(element, most=_MAX_BYLINE) for element in behind]
    has_byline = any(len(line) < _MAX_BYLINE and LABEL.match(line) and people_in(line) for line in lines)
    has_time = any(next(element.iter("time"), None) is not None for element in behind)
    return has_byline and (has_time or any(len(line) < _MAX_BYLINE and first_stated(line) for line in lines))


def _is_behind_a_rule(heading: Any) -> bool:
    before = heading.getprevious()
    return before is not None and before.tag == "hr"


def _branches(heading: Any, headline: Any, own: frozenset[Any]) -> tuple[Any | None, Any | None]:
    """Return the outermost elements of the two headings that do not hold both; None where one is around the other."""
    branch = heading
    for parent in heading.iterancestors():
        if parent in own:
            if parent is headline:
                return None, None
            return branch, next((child for child in parent if child in own), None)
        branch = parent
    return None, None


def _begins_an_article(heading: Any) -> bool:
    """Whether a date or a byline stands right behind a heading."""
    behind = list(islice(heading.itersiblings(), _BYLINE_WITHIN))
    return any(
        next(element.iter("time"), None) is not None
        or ((line := text_of(element)) and len(line) < _MAX_BYLINE and LABEL.match(line) is not None)
        for element in behind
    )


def _words_before(heading: Any, branch: Any) -> int:
    """Return how many words of paragraphs stand in an element before a heading."""
    words = 0
    for element in branch.iter("p", heading.tag):
        if element is heading:
            break
        words += len(element.text_content().split()) if element.tag == "p" else 0
    return words


def _own_article(layout: Layout) -> Any | None:
    """Return the element of the page's article: that around the headline, or the next with prose behind it."""
    if layout.headline is None:
        return None
    elements = _article_elements(layout.tree)
    around = set(layout.headline.iterancestors())
    own = next((element for element in reversed(elements) if element in around), None)
    if own is None:
        own = next(
            (element for element in layout.headline.iterancestors("div", "section") if _says_article(element)), None
        )
    if own is None:
        seen = False
        for element in layout.tree.iter():
            seen = seen or element is layout.headline
            if seen and element in elements:
                own = element
                break
    return own if own is not None and words_of(own) >= _MIN_STORY_WORDS else None


def _article_elements(tree: Any) -> list[Any]:
    return [
        element
        for element in tree.iter("article", "div", "section", "main")
        if element.tag == "article"
        or element.get("role") == "article"
        or _ARTICLE_TYPE.search(element.get("itemtype") or "") is not None
    ]


def _drop_teasers(layout: Layout, own: frozenset[Any], url: str) -> None:
    """Drop small elements whose heading leads to another page of the site, and links around whole blocks."""
    for link in list(layout.tree.iter("a")):
        holds_blocks = any(child.tag in _BLOCKS for child in link.iterdescendants() if isinstance(child.tag, str))
        if holds_blocks and link not in own and _leads_elsewhere(link, url):
            drop(link)
    for heading in list(layout.tree.iter(*_HEADINGS)):
        if heading in own:
            continue
        links = [*heading.iter("a"), *heading.iterancestors("a")]
        if not links or not _leads_elsewhere(links[0], url):
            continue
        teaser = _teaser(heading, own, layout)
        if teaser is not None:
            drop(teaser)
    for link in list(layout.tree.iter("a")):
        if len(text_of(link).split()) >= _TITLE_WORDS and link not in own and _leads_elsewhere(link, url):
            for element in _headed_by(link, own, layout):
                drop(element)


def _headed_by(link: Any, own: frozenset[Any], layout: Layout) -> list[Any]:
    """Return the elements of a teaser whose heading is a link alone in its block: a term with its description, a quote
    of another page, or a small part that begins with it.
    """
    block = link.getparent()
    while block is not None and block.tag in INLINE:
        block = block.getparent()
    if block is None or block in own or layout.is_around(block) or block.getparent() is None:
        return []
    title = text_of(link)
    is_alone = text_of(block, most=len(title) + 1) == title
    if block.tag == "dt":
        return [block, *takewhile(lambda one: one.tag == "dd", block.itersiblings())] if is_alone else []
    part = block.getparent() if is_alone else block
    if part in own or layout.is_around(part) or not text_of(part, most=len(title)).startswith(title):
        return []
    if part.tag == "blockquote":
        return [part]
    teaser = _teaser(link, own, layout) if not is_alone and part.tag in _CONTAINERS else None
    return [teaser] if teaser is not None and next(part.iter("p"), None) is not None else []


def _drop_sections_below(layout: Layout, own: frozenset[Any]) -> None:
    """Drop what stands below an article under a heading such as "More from", up to a heading as high."""
    for heading in list(layout.tree.iter("h2", "h3")):
        text = text_of(heading).replace("\u2019", "'")
        if heading in own or heading.getparent() is None or not _TAIL_SECTION.fullmatch(text):
            continue
        section = [heading]
        for element in heading.itersiblings():
            if element.tag in _HEADINGS and element.tag <= heading.tag:
                break
            section.append(element)
        if not any(element in own or layout.is_around(element) for element in section):
            for element in section:
                drop(element)


def _teaser(heading: Any, own: frozenset[Any], layout: Layout) -> Any | None:
    """Return the largest element around a heading that is no more than a teaser; None where there is none."""
    found = None
    for parent in heading.iterancestors():
        if parent in own or layout.is_around(parent) or parent.tag not in (*_CONTAINERS, "a", "header"):
            break
        if not _is_short(parent):
            break
        found = parent
    return found if found is not None and found.tag in _CONTAINERS else None


def _is_short(element: Any) -> bool:
    """Whether an element holds no more than a teaser does; a large one is not looked through."""
    words = paragraphs = headings = 0
    for number, part in enumerate(element.iter()):
        if isinstance(part.tag, str):
            words += len((part.text or "").split())
            paragraphs += part.tag == "p"
            headings += part.tag in _HEADINGS
        words += len((part.tail or "").split()) if part is not element else 0
        if (
            words > _MAX_TEASER_WORDS
            or paragraphs > _MAX_TEASER_PARAGRAPHS
            or headings > 1
            or number > _MAX_TEASER_ELEMENTS
        ):
            return False
    return True


def _leads_elsewhere(link: Any, url: str) -> bool:
    """Whether a link leads to another page of the article's own site; one to another site may be what is told of."""
    href = (link.get("href") or "").strip()
    if not href or href.startswith("#"):
        return False
    try:
        target, here = urlsplit(urljoin(url, href)), urlsplit(url)
    except ValueError:
        return False
    if target.scheme not in ("http", "https", ""):
        return False
    same_site = not target.netloc or not here.netloc or _site(target.hostname) == _site(here.hostname)
    return same_site and target.path.rstrip("/") != here.path.rstrip("/")


def _site(host: str | None) -> str:
    return ".".join((host or "").split(".")[-2:])
