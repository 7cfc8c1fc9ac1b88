"""What changed between two reports of five pages, and the bare `difflib` over the same words.

Both are timed in turn, as processor time of this thread. The later version has what corrections have: a side
put right, a measure, a negation, some sentences written anew, and an addendum.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from difflib import SequenceMatcher

from client.documents import compose
from client.documents.difference import compare
from client.documents.document import Document
from client.model.report import Attachment, ReportBody
from tests.bench.figure import Figure, table

_TIMES = 30
_SENTENCES = 180  # with 14 words each, five printed pages
_TEXT = """the lungs are clear with no focal consolidation and there is no pleural effusion in left right
upper lower lobe a nodule of 9 mm unchanged since prior examination heart size normal mediastinum small
calcified granuloma mild degenerative change of thoracic spine liver kidney
spleen unremarkable bilateral contrast"""


def measure() -> list[Figure]:
    """Return the figure of comparing two long reports."""
    dice = random.Random(3)
    words = _TEXT.split()
    sentences = [" ".join(dice.choices(words, k=14)).capitalize() + "." for _ in range(_SENTENCES)]
    later = list(sentences)
    for place in range(0, _SENTENCES, 12):
        later[place] = later[place].replace("left", "right").replace("9 mm", "12 mm").replace(" no ", " ")
    later[40:43] = [" ".join(dice.choices(words, k=14)).capitalize() + "." for _ in range(3)]
    old, new = _report(sentences, ""), _report(later, "\nADDENDUM: Seen again with the referrer.\n")
    both = old[0].plain.split(), new[0].plain.split()
    ours, bare = [], []
    for _ in range(_TIMES):
        ours.append(_spent(lambda: compare(old, new)))
        bare.append(_spent(lambda: SequenceMatcher(None, *both, autojunk=False).get_opcodes()))
    here, floor = 1000 * statistics.median(ours), 1000 * statistics.median(bare)
    what = "difference of two 5-page reports, processor time"
    return [Figure(what, here, "ms", floor, "bare difflib over the words", "≤ 1 ×")]


def _report(sentences: list[str], end: str) -> tuple[Document, ...]:
    half = len(sentences) - 20
    paragraphs = [" ".join(sentences[at : at + 6]) for at in range(0, half, 6)]
    text = (
        "FINDINGS: " + "\n\n".join(paragraphs) + "\n\nIMPRESSION: " + "\n".join(sentences[half:]) + "\n" + end
    )
    part = Attachment("text/plain", "", "", text.encode(), None, None)
    return compose(ReportBody("", "", (part,), ()), {})


def _spent(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


if __name__ == "__main__":
    sys.stdout.write(table(measure()) + "\n")
