"""What is told of a parser's work beforehand against what the parser then does."""

import re

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.documents import nesting
from client.documents.markup import read_markup
from client.documents.spoken import strip_markup

NAMES = [
    "p", "div", "section", "pre", "address", "h1", "h2", "hr", "ul", "li", "dd", "dt", "span", "z", "br",
    "b", "i", "font", "em", "a", "table", "caption", "tbody", "tr", "td", "th",
]  # fmt: skip
CLEANER = nh3.Cleaner(tags=set(NAMES), attributes={}, link_rel=None, clean_content_tags=set())
TOKENS = st.one_of(
    st.sampled_from(NAMES).map("<{}>".format),
    st.builds("<{} id={}>".format, st.sampled_from(NAMES), st.integers(1, 3)),
    st.sampled_from(NAMES).map("</{}>".format),
    st.sampled_from(["x", " ", "x y", "<!-- a -->"]),
)


def told(text):
    """Return how deep the account goes; None where it gives up."""
    tree, at, deepest = nesting.Tree(), 0, 0
    while at < len(text):
        piece = nesting._PIECE.match(text, at)
        at = piece.end()
        tree.read(piece)
        if tree.is_costly:
            return None
        deepest = max(deepest, len(tree.open))
    return deepest


def done(text):
    """Return how deep the parser's own tree goes."""
    depth = deepest = 0
    for tag in re.finditer(r"<(/?)(\w+)[^>]*>", CLEANER.clean(text)):
        if tag[2] not in ("br", "hr"):
            depth += -1 if tag[1] else 1
            deepest = max(deepest, depth)
    return deepest


@settings(max_examples=1000, deadline=None)
@given(st.lists(TOKENS, min_size=1, max_size=30).map("".join), st.sampled_from([1, 1, 12]))
def test_the_parser_never_goes_deeper_than_told(text, times):
    text = text * times
    deepest = told(text)
    # One more: an end of a paragraph that never began makes an empty one.
    assert deepest is None or done(text) <= deepest + 1


@pytest.mark.parametrize(
    "text",
    [
        "<b><div>x</b></div>",  # taken apart by rules of their own
        "<table>x</table>",
        "<p a=\">\" b='<'>",
        "<div><svg></div></svg>",
        "<div><!--></div>-->",
        "<div><script><!--<script></script></div></script>",
        "<div><textarea></div></textarea>",
        "<p " + "a " * 100 + ">",
        "<p",
    ],
)
def test_what_is_not_plain_is_not_guessed(text):
    assert nesting.is_costly("<p>x</p>" * 1000 + text)


def test_what_is_costly_keeps_its_words():
    text = "<p>Lungs <b>clear</b>.</p>" * 1000 + "<b><div>No effusion.</b></div>"
    assert nesting.is_costly(text)
    assert "No effusion." in strip_markup(text)
    assert "No effusion." in repr(read_markup(text))
