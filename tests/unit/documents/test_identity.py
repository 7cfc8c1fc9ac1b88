"""A document about somebody else is told of; one that says less is not."""

import pytest

from client.documents.document import Named
from client.documents.identity import disagreement
from client.model.moment import Moment
from client.model.report import Patient, Sex

PATIENT = Patient("p", "MÜLLER, Anna", "00417", Moment.parse("1962-03-04"), Sex.FEMALE)


@pytest.mark.parametrize(
    "named",
    [
        None,
        Named("", "", ""),
        Named("MULLER, A", "417", "1962-03-04"),
        Named("SOMEBODY, Else", "00417", "1962-03-04"),  # the number decides
        Named("Müller, Anna Maria", "", ""),
        Named("", "", "1962-03"),
    ],
)
def test_nothing_is_said_where_nothing_contradicts(named):
    assert disagreement(named, PATIENT) == ""


@pytest.mark.parametrize(
    ("named", "what"),
    [
        (Named("MÜLLER, Anna", "00418", "1962-03-04"), "patient number"),
        (Named("MÜLLER, Anna", "00417", "1962-03-05"), "birth date"),
        (Named("OTHER, Person", "99", "2001-01-01"), "patient number and birth date"),
        (Named("OTHER, Person", "", ""), "name"),
    ],
)
def test_another_patient_is_told_and_not_named(named, what):
    said = disagreement(named, PATIENT)
    assert f"another {what} than" in said
    assert not {word for word in ("OTHER", "MÜLLER", "00417") if word in said}


def test_a_report_without_a_patient_contradicts_nothing():
    assert disagreement(Named("OTHER, Person", "99", ""), None) == ""
