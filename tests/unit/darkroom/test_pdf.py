"""A PDF that lies open in the darkroom: pages as pixels, words and where they stand."""

from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from client.darkroom.refusal import Refusal
from client.darkroom.task import Task
from client.errors import DevelopError
from tests.unit.darkroom.samples import japanese, pdf

RED, WHITE = (0, 0, 255), (255, 255, 255)


@pytest.fixture(scope="module")
def desk(darkroom):
    with darkroom.open(Task.PDF, {}, pdf("Left lung: clear.", "Right lung: clear.")) as desk:
        yield desk


def at(answer, x, y):
    """Return a pixel's blue, green and red."""
    place = y * answer.said["stride"] + 4 * x
    return tuple(answer.blobs[0][place : place + 3])


def test_it_tells_its_pages_and_their_sizes_in_points(desk):
    assert desk.first.said == {"pages": 2, "sizes": [[300.0, 200.0], [300.0, 200.0]]}


@pytest.mark.parametrize("scale", [0.5, 1, 2.5])
def test_a_page_is_drawn_on_white_at_any_scale(desk, scale):
    page = desk.ask({"what": "page", "page": 0, "scale": scale})
    assert (page.said["width"], page.said["height"]) == (300 * scale, 200 * scale)
    assert len(page.blobs[0]) == page.said["stride"] * page.said["height"]
    assert at(page, round(60 * scale), round(150 * scale)) == RED
    assert at(page, round(200 * scale), round(150 * scale)) == WHITE
    assert set(bytes(page.blobs[0])[3::4]) == {255}
    words = [at(page, x, y) for x in range(round(100 * scale)) for y in range(round(60 * scale))]
    assert any(pixel != WHITE for pixel in words)


def test_its_words_stand_where_they_are_drawn(desk):
    text = desk.ask({"what": "text", "page": 1}).said
    assert text["text"].strip() == "Right lung: clear."
    ((x, y, width, height),) = text["lines"]
    assert x == pytest.approx(30, abs=2)
    assert y <= 50 <= y + height + 1
    words = desk.ask({"what": "words", "page": 1}).said["words"]
    assert [text["text"][start : start + length] for start, length, *_ in words] == [
        "Right",
        "lung:",
        "clear.",
    ]
    edges = [(left, left + wide) for _, _, left, _, wide, _ in words]
    assert edges == sorted(edges)
    assert edges[-1][1] == pytest.approx(x + width, abs=2)


def test_a_piece_of_its_text_has_boxes(desk):
    (boxes,) = desk.ask({"what": "boxes", "page": 0, "spans": [[5, 4]]}).said["boxes"]
    (box,) = boxes
    assert 45 < box[0] < 70


@pytest.mark.parametrize(
    "said",
    [
        {"what": "page", "page": 2, "scale": 1},
        {"what": "page", "page": -1, "scale": 1},
        {"what": "page", "page": "0", "scale": 1},
        {"what": "page", "page": 0, "scale": 0},
        {"what": "page", "page": 0, "scale": "big"},
        {"what": "dance", "page": 0},
        {},
    ],
)
def test_what_is_not_there_is_refused_and_the_document_stays_open(desk, said):
    with pytest.raises(DevelopError) as told:
        desk.ask(said)
    assert str(told.value) == Refusal.NOT_THERE.sentence
    assert desk.ask({"what": "text", "page": 0}).said["text"]


def test_a_page_larger_than_may_be_is_refused(desk):
    with pytest.raises(DevelopError) as told:
        desk.ask({"what": "page", "page": 0, "scale": 100})
    assert str(told.value) == Refusal.TOO_LARGE.sentence


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", Refusal.DAMAGED),
        (b"%PDF-1.7\n" + bytes(500), Refusal.DAMAGED),
        (pdf("A secret", encrypt=StandardEncryption("word", "other")), Refusal.LOCKED),
    ],
)
def test_one_that_cannot_be_opened_says_why(darkroom, data, refusal):
    with pytest.raises(DevelopError) as told:
        darkroom.open(Task.PDF, {}, data)
    assert str(told.value) == refusal.sentence


def test_two_hundred_pages(darkroom):
    with darkroom.open(Task.PDF, {}, pdf(*map(str, range(200)))) as desk:
        assert desk.first.said["pages"] == 200
        assert desk.ask({"what": "text", "page": 199}).said["text"].strip() == "199"


def test_letters_that_it_does_not_bring_are_the_systems(darkroom):
    if not any(Path("/usr/share/fonts").rglob(name) for name in ("*wqy*", "*CJK*", "*nifont*")):
        pytest.skip("no Japanese letters on this machine")
    with darkroom.open(Task.PDF, {}, japanese()) as desk:
        page = desk.ask({"what": "page", "page": 0, "scale": 1})
    assert min(bytes(page.blobs[0])[0::4]) < 128, "an empty page where there are words"
