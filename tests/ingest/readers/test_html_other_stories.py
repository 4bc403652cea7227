"""Web pages: another story's text never becomes the article's, and what the server streams hidden is read."""

from __future__ import annotations

import json

import pytest

from ingest.readers.html.reader import OTHER_STORY, article_of_page
from ingest.types import RawArticle

HEADLINE = "Old ferry landing closes for eleven weeks"
PARAGRAPHS = (
    "The harbour council of Elmport voted on Tuesday evening to close the old ferry landing for eleven weeks while "
    "engineers replace the rusted piles under the eastern pier, the mayor said.",
    "Passengers will board at the fish market instead, and the first boat leaves at half past six in the morning, as "
    "the timetable that was printed on Wednesday has it.",
    "The work costs 2.4 million crowns and is paid from the storm fund, which the council had set up after the flood "
    "of the winter before last, against four votes.",
)
OTHER_HEADLINE = "Library of Northby opens on Sundays again"
OTHER = (
    "The library of Northby will open on Sundays again from the first of May, its director Vera Holm announced, after "
    "two years in which nobody could be found to work on that day.",
    "Readers had collected nine hundred signatures, and a baker from the square had offered to pay the heating of the "
    "reading room until the end of the coming winter.",
    "The town had shortened the hours when two librarians retired, and it has now hired three students who will look "
    "after the desk and the children's corner in turns.",
)


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, *, json_ld: dict[str, object] | None = None, url: str = "https://elmport.example/ferry") -> str:
    declared = f'<script type="application/ld+json">{json.dumps(json_ld)}</script>' if json_ld else ""
    head = f"<title>{HEADLINE} | Elmport Post</title><link rel='canonical' href='{url}'>{declared}"
    menu = "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
    foot = "<footer>Elmport Post, Pier Street 1</footer>"
    return f"<html lang='en'><head>{head}</head><body>{menu}{body}{foot}</body></html>"


def read(body: str, json_ld: dict[str, object] | None = None) -> RawArticle:
    url = "https://elmport.example/ferry"
    return article_of_page(page(body, json_ld=json_ld, url=url), where="p.html", source="p.html", url=url)


def assert_own_text_alone(found: RawArticle) -> None:
    assert found.title == HEADLINE
    assert all(text in found.text for text in PARAGRAPHS)
    foreign = (OTHER_HEADLINE, *OTHER, "Northby", "Vera Holm")
    assert not [text for text in foreign if text in found.text]


_OWN_WORDS = sum(len(text.split()) for text in PARAGRAPHS)
OWN = f"<h1>{HEADLINE}</h1>{paragraphs(PARAGRAPHS)}"
NEXT = f"<h1>{OTHER_HEADLINE}</h1>{paragraphs(OTHER)}"
TEASERS = "".join(
    f'<div class="card"><h3><a href="/story/{number}">{OTHER_HEADLINE}</a></h3><p>{text}</p></div>'
    for number, text in enumerate(OTHER)
)


@pytest.mark.parametrize(
    "body",
    [
        f"<main><article>{OWN}</article><article>{NEXT}</article></main>",
        f"<main><article>{OWN}</article><article>{NEXT.replace('h1', 'h2')}</article></main>",
        f"<main><article>{NEXT}</article><article>{OWN}</article></main>",
        f"<div id='feed'><div class='story'>{OWN}</div><div class='story'>{NEXT}</div></div>",
        f"<div id='a1' class='article'>{OWN}</div><div id='a2' class='article'>{NEXT.replace('h1', 'h2')}</div>",
        f"<div class='page'><div>{OWN}</div></div><div class='page'><div>{NEXT}</div></div>",
        f"<main>{OWN}{NEXT.replace('</h1>', '</h1><div>By Tom Hale <time>3 May 2024</time></div>')}</main>",
        f"<div>{OWN}<hr>{NEXT}</div>",
        f"<main>{OWN}<h2>{OTHER_HEADLINE}</h2><p>By Tom Hale</p><p>3 May 2024</p>{paragraphs(OTHER)}</main>",
        f"<main>{OWN}<h2>{OTHER_HEADLINE}</h2><p>By Tom Hale, 3 May 2024</p>{paragraphs(OTHER)}</main>",
        f"<main>{OWN}<h2><a href='/library'>{OTHER_HEADLINE}</a></h2>{paragraphs(OTHER)}</main>",
        f"<main>{OWN}<h2>{OTHER_HEADLINE}</h2><time datetime='2024-05-03'>3 May</time>{paragraphs(OTHER)}</main>",
        f"<div>{OWN}<h1><a href='/library'>{OTHER_HEADLINE}</a></h1>{paragraphs(OTHER)}</div>",
        f"<section itemscope itemtype='https://schema.org/NewsArticle'>{OWN}</section>"
        f"<section itemscope itemtype='https://schema.org/NewsArticle'>{NEXT}</section>",
        f"<header><h1>{HEADLINE}</h1></header><article>{paragraphs(PARAGRAPHS)}</article>"
        f"<article><h2><a href='/library'>{OTHER_HEADLINE}</a></h2>{paragraphs(OTHER)}</article>",
    ],
)
def test_a_second_article_of_a_page_is_left_out_and_the_report_says_so(body: str) -> None:
    found = read(body)
    assert_own_text_alone(found)
    assert (found.notes, found.left_out) == ((), (OTHER_STORY,))


@pytest.mark.parametrize(
    "body",
    [
        f"<article>{OWN}<section><h2>More from Elmport Post</h2>{TEASERS}</section></article>",
        f"<article>{OWN}</article><section><h2>Read next</h2>{TEASERS}</section>",
        f"<article>{OWN}<div>{TEASERS}</div></article>",
        f"<article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p>{TEASERS}{paragraphs(PARAGRAPHS[1:])}</article>",
        f"<article>{OWN}<a href='/library'><h3>{OTHER_HEADLINE}</h3><p>{OTHER[0]}</p></a></article>",
        f"<article>{OWN}<ul><li><h4><a href='/a'>{OTHER_HEADLINE}</a></h4><p>{OTHER[1]}</p></li></ul></article>",
        f"<article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p><article class='teaser'><h3>{OTHER_HEADLINE}</h3>"
        f"<p>{OTHER[0]}</p></article>{paragraphs(PARAGRAPHS[1:])}</article>",
        f"<article>{OWN}<aside><p>{OTHER[0]}</p></aside></article>",
        f"<article>{OWN}<h2>More from Elmport Post</h2><p>{OTHER[0]}</p><p>{OTHER[1]}</p></article>",
        f"<article>{OWN}<h3>You may also like</h3><p><a href='/b'>{OTHER_HEADLINE}</a></p><p>{OTHER[0]}</p></article>",
        f"<article>{OWN}<h2>More on this</h2><dl><dt><a href='/b'>{OTHER_HEADLINE}</a></dt>"
        f"<dd>{OTHER[0]}</dd></dl></article>",
        f"<article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p><blockquote><a href='/library'>{OTHER_HEADLINE}</a>"
        f"<p>{OTHER[0]}</p></blockquote>{paragraphs(PARAGRAPHS[1:])}</article>",
    ],
)
def test_teasers_of_other_stories_are_left_out(body: str) -> None:
    found = read(body)
    assert_own_text_alone(found)
    assert found.left_out == ()


def test_a_heading_that_links_to_another_site_may_be_what_the_article_tells_of() -> None:
    told = f"<div><h2><a href='https://northby.example/library'>{OTHER_HEADLINE}</a></h2><p>{OTHER[0]}</p></div>"
    assert OTHER[0] in read(f"<article>{OWN}{told}<p>{PARAGRAPHS[0].replace('old', 'new')}</p></article>").text


def test_parts_of_the_article_with_headings_of_the_first_level_stay() -> None:
    parts = f"<h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p><h1>What comes next</h1>{paragraphs(PARAGRAPHS[1:])}"
    assert_own_text_alone(read(f"<article>{parts}</article>"))


@pytest.mark.parametrize(
    "comments",
    [
        "<div id='comments'><h3>2 Comments</h3>{}</div>",
        "<section class='reader-comments'>{}</section>",
        "<h3>Comments (2)</h3><div>{}</div>",
        "<ol class='commentlist'><li>{}</li></ol>",
        "<div data-testid='comments-panel'>{}</div>",
        "<h3>コメント</h3><div>{}</div>",
        "<h3>What readers say</h3><div>{}</div>",
        "<ul><li><span class='user'>Bo</span> <time>2 days ago</time>{}</li></ul>",
        "<div class='x' itemprop='comment' itemscope itemtype='https://schema.org/Comment'>{}</div>",
    ],
)
def test_what_readers_comment_is_not_the_article(comments: str) -> None:
    assert_own_text_alone(read(f"<article>{OWN}{comments.format(paragraphs(OTHER))}</article>"))


DECLARED = {"@type": "NewsArticle", "headline": HEADLINE, "articleBody": " ".join(PARAGRAPHS)}


def test_what_the_declared_text_of_the_article_lacks_is_left_out() -> None:
    found = read(f"<article>{OWN}{paragraphs(OTHER)}</article>", DECLARED)
    assert_own_text_alone(found)
    assert found.left_out == (OTHER_STORY,)


def test_a_correction_and_a_table_stay_beside_the_declared_text() -> None:
    correction = "Correction: An earlier version of this article said that the landing would close for twelve weeks."
    table = "<table><tr><th>Landing</th><th>Weeks</th></tr><tr><td>East pier</td><td>11</td></tr></table>"
    found = read(f"<article>{OWN}{table}<p>{correction}</p></article>", DECLARED)
    assert found.text.endswith(f"Landing | Weeks\nEast pier | 11\n{correction}")


@pytest.mark.parametrize("end", ["…", "..."])
def test_a_declared_text_that_breaks_off_takes_nothing_away(end: str) -> None:
    declared = DECLARED | {"articleBody": f"{PARAGRAPHS[0]} {PARAGRAPHS[1][:40]}{end}"}
    assert_own_text_alone(read(f"<article>{OWN}</article>", declared))


@pytest.mark.parametrize(
    "shown", [f"<p>{PARAGRAPHS[0]}</p><p>Passengers will board at the fish …</p>", f"<p>{PARAGRAPHS[0][:90]}...</p>"]
)
def test_a_text_that_breaks_off_is_read_from_the_declared_one(shown: str) -> None:
    declared = DECLARED | {"articleBody": "\n\n".join(PARAGRAPHS)}
    found = read(f"<article><h1>{HEADLINE}</h1>{shown}</article>", declared)
    assert found.text == "\n\n".join(PARAGRAPHS)


STREAMED = f"<div hidden id='S:0'><h1>{HEADLINE}</h1>{paragraphs(PARAGRAPHS)}</div>"


@pytest.mark.parametrize(
    "body",
    [
        f"<main><!--$?--><template id='B:0'></template><p>Loading the story</p><!--/$--></main>{STREAMED}"
        "<script>$RC('B:0','S:0')</script>",
        f"<main><template id='B:0'></template></main>{STREAMED}",
        f"<main><h1>{HEADLINE}</h1><template id='P:1'></template></main>"
        f'<div hidden id=\'S:1\'>{paragraphs(PARAGRAPHS)}</div><script>$RS("S:1","P:1")</script>',
        f"<main><article-body><template shadowrootmode='open'>{OWN}</template></article-body></main>",
    ],
)
def test_what_is_streamed_hidden_and_put_into_place_is_read(body: str) -> None:
    found = read(body)
    assert_own_text_alone(found)
    assert "Loading" not in found.text


@pytest.mark.parametrize(
    "hidden",
    ["hidden", "style='display:none'", "aria-hidden='true'", "style='position:absolute;left:-9999px'"],
)
def test_what_is_truly_hidden_is_not_read(hidden: str) -> None:
    body = f"<article>{OWN}<div id='panel' {hidden}>{paragraphs(OTHER)}</div></article><template>{NEXT}</template>"
    assert_own_text_alone(read(f"{body}<script>toggle('panel', 'button')</script>"))


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{HEADLINE}</h1><noscript>{paragraphs(PARAGRAPHS)}</noscript></article>",
        f"<article><h1>{HEADLINE}</h1><div hidden='until-found'>{paragraphs(PARAGRAPHS)}</div></article>",
        f"<div id='slot'></div><template id='story'><article>{OWN}</article></template>"
        "<script>slot.append(document.getElementById('story').content)</script>",
    ],
)
def test_what_is_shown_to_some_readers_or_by_a_script_is_read(body: str) -> None:
    assert_own_text_alone(read(body))


def test_an_analysis_behind_a_rule_with_its_own_byline_is_part_of_the_article() -> None:
    byline = "<p>By Tom Hale, harbour correspondent</p>"
    box = f"<hr><h2>Analysis</h2>{byline}<p>{PARAGRAPHS[1]}</p><hr><p>{PARAGRAPHS[2]}</p>"
    assert_own_text_alone(read(f"<article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p>{box}</article>"))
    late = f"<h1>{HEADLINE}</h1>{paragraphs(PARAGRAPHS[:2])}<h2>Analysis</h2>{byline}<p>{PARAGRAPHS[2]}</p>"
    assert_own_text_alone(read(f"<article>{late}</article>"))


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>{}</h2>",
        "<h2><a href='#part'>{}</a></h2>",
        "<h2><a href='https://other.example/report'>{}</a></h2>",
        "<h2>{} of <a href='/library'>the library</a></h2>",
        "<h2><a href='/one'>One</a></h2><p>First.</p><h2><a href='/two'>{}</a></h2>",
        "<h2>One</h2><time datetime='2024-05-03'>3</time><p>First.</p><h2>{}</h2><time datetime='2024-05-04'>4</time>",
    ],
)
def test_sections_lists_and_chronicles_of_an_article_stay(heading: str) -> None:
    found = read(f"<main>{OWN}{heading.format('What follows')}{paragraphs(OTHER)}</main>")
    assert all(text in found.text for text in (*PARAGRAPHS, *OTHER))


@pytest.mark.parametrize("subheading", ["Recommended doses", "Trending down", "More money from the storm fund"])
def test_a_heading_of_the_article_that_begins_like_one_of_other_stories_stays(subheading: str) -> None:
    text = f"<h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p><h2>{subheading}</h2>{paragraphs(PARAGRAPHS[1:])}"
    assert_own_text_alone(read(f"<article>{text}</article>"))


@pytest.mark.parametrize("counted", [_OWN_WORDS, f"{_OWN_WORDS} words"])
def test_what_goes_far_beyond_the_words_that_the_page_counts_is_cut(counted: int | str) -> None:
    declared = {"@type": "NewsArticle", "headline": HEADLINE, "wordCount": counted}
    found = read(f"<article>{OWN}{paragraphs(OTHER)}</article>", declared)
    assert_own_text_alone(found)
    assert found.left_out == (OTHER_STORY,)
    assert read(f"<article>{OWN}</article>", declared).left_out == ()
