"""Text is never markup by mistake: tags stand in templates alone, and no template or module lets a value be one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
WEB = sorted((ROOT / "web").rglob("*.py"))
SOURCES = sorted(file for package in ("newsletter", "web") for file in (ROOT / package).rglob("*.py"))
TEMPLATES = sorted([*(ROOT / "newsletter").rglob("*.html"), *(ROOT / "web").rglob("*.html")])

WRITES_TAGS = {"web/page/assets.py": "puts our own script and styles into the head, where nothing may be escaped"}
LINKS = {
    "web/page/html/templates/macros.html": "the macro `link`, which asks `web_host` first",
    "newsletter/templates/issue.html": "addresses that `safe_link` or the config passed, and anchors within the issue",
}
# The group of a regular expression ("(?P<name>") is no tag.
TAG = re.compile(r"(?<!\?P)<[/!]?(?:[A-Za-z]|$)")
# One of the template's own words: `{{ "a" if one else "b" }}`.
CONSTANT = re.compile(r'\{\{ "[^"]*" if [^"{}]+?(?: else "[^"]*")? \}\}')
# A style that the template's design names, where there are no values of articles: `{{ look.gist if one else look.b }}`.
LOOK = re.compile(r"\{\{ look\.\w+(?: if \w+ else look\.\w+)? \}\}")
MAKES_MARKUP = {"Markup", "from_string", "mark_safe", "escape", "unescape"}
ACTS = re.compile(r"on|style$|srcdoc$|action$|formaction$|srcset$")


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string that stands in the file, pieces of f-strings too, without the docstrings."""
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def makes_markup(tree: ast.Module) -> Iterator[int]:
    """Where text is turned into markup, or into a template, or is escaped by hand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MAKES_MARKUP and not is_of_regex(node.func):
                yield node.lineno
        if isinstance(node, ast.keyword) and node.arg == "autoescape":
            is_on = isinstance(node.value, ast.Constant) and node.value.value is True
            if not is_on:
                yield node.value.lineno


def is_of_regex(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"


OWN_PICTURES = "api/v1/articles/"
"""A source that begins so is a picture of this server, whatever follows."""


class Faults(HTMLParser):
    """Where a template prints a value in a place in which escaping does not make it inert."""

    VALUE = "\ufdd0"

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", CONSTANT.sub("", LOOK.sub("", source)), flags=re.DOTALL)
        self.feed(re.sub(r"\{\{.*?\}\}", self.VALUE, bare, flags=re.DOTALL))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        if self.VALUE in re.sub(r'="[^"]*"', "", written):
            self.found.append(f"a value outside quotation marks in {written!r}")
        for name, value in attrs:
            if name == "src" and value and value.startswith(OWN_PICTURES):
                continue
            if value and self.VALUE in value and (ACTS.match(name) or name in ("href", "src")):
                self.found.append(f"{name} of <{tag}>")

    def handle_data(self, data: str) -> None:
        if self.VALUE in data and self.cdata_elem:
            self.found.append(f"a value inside <{self.cdata_elem}>")

    def handle_comment(self, data: str) -> None:
        if self.VALUE in data:
            self.found.append("a value inside a comment")


def unescaped(template: nodes.Template) -> Iterator[str]:
    """What in a template would let a value through as markup."""
    for node in template.find_all((nodes.EvalContextModifier, nodes.MarkSafe, nodes.MarkSafeIfAutoescape)):
        yield f"line {node.lineno}: autoescape is set"
    for one in template.find_all(nodes.Filter):
        if one.name in ("safe", "urlize", "xmlattr", "tojson", "forceescape", "e", "escape"):
            yield f"line {one.lineno}: the filter {one.name}"
    # What is joined to markup is escaped before it is looked at as text, control characters and all.
    for joined in template.find_all(nodes.Concat):
        yield f"line {joined.lineno}: ~"


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("source", WEB, ids=name_of)
def test_tags_stand_in_templates(source: Path) -> None:
    if name_of(source) in WRITES_TAGS:
        return
    written = [f"{name_of(source)}:{line}: {text!r}" for line, text in literals(ast.parse(source.read_text("utf-8")))]
    assert [one for one in written if TAG.search(one)] == []


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_nothing_turns_text_into_markup(source: Path) -> None:
    assert list(makes_markup(ast.parse(source.read_text("utf-8")))) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_escapes_every_value_and_puts_it_where_it_cannot_act(template: Path) -> None:
    source = template.read_text("utf-8")
    assert list(unescaped(Environment().parse(source))) == []
    allowed = ("href of <a>",) if name_of(template) in LINKS else ()
    assert [fault for fault in Faults(source).found if fault not in allowed] == []


@pytest.mark.parametrize(
    "source",
    [
        "<p title={{ x }}></p>",
        "<p {{ x }}></p>",
        "<p title='{{ x }}'></p>",
        '<p onclick="{{ x }}"></p>',
        '<p style="color: {{ x }}"></p>',
        '<a href="{{ x }}">y</a>',
        '<img src="{{ x }}">',
        '<p style="{{ x if y else z }}"></p>',
        '<p style="{{ look[x] }}"></p>',
        "<script>const x = {{ x }}</script>",
        "<style>p { color: {{ x }} }</style>",
        "<!-- {{ x }} -->",
    ],
)
def test_a_value_in_a_place_where_it_could_act_is_found(source: str) -> None:
    assert Faults(source).found


@pytest.mark.parametrize(
    "source", ["{{ x | safe }}", "{% autoescape false %}{{ x }}{% endautoescape %}", "{{ x ~ y }}", "{{ x | tojson }}"]
)
def test_a_value_that_is_not_escaped_is_found(source: str) -> None:
    assert list(unescaped(Environment().parse(source)))


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("x = '<b>'", True),
        ("x = f'<{tag}>'", True),
        ("x = '</p>'", True),
        ("def f():\n    '''Gives `<b>`.'''", False),
        ("x = r'(?P<name>.*)'", False),
        ("x = 'a < b'", False),
    ],
)
def test_a_tag_in_a_module_is_found(source: str, is_found: bool) -> None:
    assert any(TAG.search(text) for _, text in literals(ast.parse(source))) is is_found


@pytest.mark.parametrize(
    "source", ["Markup(x)", "markupsafe.Markup(x)", "env.from_string(x)", "html.escape(x)", "Environment(autoescape=f)"]
)
def test_a_module_that_makes_markup_is_found(source: str) -> None:
    assert list(makes_markup(ast.parse(source)))
