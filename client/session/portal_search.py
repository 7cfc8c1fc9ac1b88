"""A query as the questions that a portal can answer (FHIR R4 search parameters of DiagnosticReport).

Must never: ask for more than was typed. What a portal cannot be asked (the words of a report, what was read,
what is to be left out) is judged here afterwards, or is said to have been left to the worklist.
"""

from __future__ import annotations

from client.model.report import ReportStatus
from client.portal.paging import Query as Question
from client.session.query import Dated, Field, Query, Words

_PARAMETERS = {Field.IDENTIFIER: "patient.identifier", Field.ACCESSION: "identifier"}


def questions(query: Query) -> tuple[Question, ...]:
    """Return the questions whose answers together are what the portal has; none where it has to be asked for
    nobody and nothing in particular.

    A word without a field may be a name, a patient's identifier or an accession number.
    """
    fixed: list[tuple[str, str]] = []
    anywhere: list[Words] = []
    particular = False
    for clause in query.clauses:
        test = clause.test
        if clause.excluded:
            continue
        if isinstance(test, Dated):
            if not test.written:
                fixed += _dates(test)
        elif isinstance(test, ReportStatus):
            fixed.append(("status", test.value))
        elif isinstance(test, Words):
            if test.place is Field.PATIENT:
                fixed += [("patient.name", _literal(word)) for word in test.words]
                particular = True
            elif test.place in _PARAMETERS:
                fixed.append((_PARAMETERS[test.place], _literal(test.shown)))
                particular = True
            elif test.place is Field.ANYWHERE and not test.together:
                anywhere.append(test)
    asked = (
        [[("patient.name", _literal(word)) for each in anywhere for word in each.words]] if anywhere else []
    )
    if len(anywhere) == 1 and any(map(str.isdigit, anywhere[0].shown)):
        asked += [[(name, _literal(anywhere[0].shown))] for name in _PARAMETERS.values()]
    if asked:
        return tuple([*fixed, *each] for each in asked)
    return (tuple(fixed),) if particular or any(name == "date" for name, _ in fixed) else ()


def _dates(test: Dated) -> list[tuple[str, str]]:
    first, last = test.days.first, test.days.last
    asked = [("date", f"ge{first}")] if first else []
    return [*asked, ("date", f"le{last}")] if last else asked


def _literal(text: str) -> str:
    # In a value, a comma means "or", a bar parts system and code, a dollar sign composites (3.1.1.4.0.1).
    for letter in "\\,|$":
        text = text.replace(letter, f"\\{letter}")
    return text
