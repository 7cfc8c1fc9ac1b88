"""What the footer says of words that are looked for before every report can be found by its own."""

from client.session.progress import SyncProgress
from client.ui.worklist.footer import count_words


def test_found_so_far_is_not_passed_off_as_all():
    behind = SyncProgress(9684, 9684, indexed=4000)
    assert count_words(behind, 12, True, True).startswith("12 found in the first 4,000 searched")
    assert "searched" not in count_words(behind, 12, True, False)  # a drawer needs no words


def test_when_every_report_is_searched_nothing_is_said_of_it():
    done = SyncProgress(9684, 9684, indexed=9684)
    assert count_words(done, 12, True, True).startswith("12 shown · 9,684 of 9,684")
