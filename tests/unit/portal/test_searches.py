"""Searching at the portal: by POST, so that no name is in an address; saved searches are read with care."""

from urllib.parse import parse_qsl

import pytest

from client.errors import PortalFault
from client.model.saved import SavedSearch
from tests.unit.portal.conftest import answer
from tests.unit.portal.test_portal import DESCRIPTION, Script, bundle, signed_in  # noqa: F401 (a fixture)


def described(**more):
    said = {**DESCRIPTION, "searches": "/portal/searches"}
    return Script(well_known_safelight_portaljson=answer(body=said), **more)


def test_a_name_is_in_the_body_of_a_search_and_in_no_address(signed_in):  # noqa: F811
    asked = []

    def search(request):
        asked.append(dict(parse_qsl(request.body.decode())))
        return answer(body=bundle("a", "b", following="/fhir?name=okafor", total=7))

    portal, server = signed_in(Script(fhir_DiagnosticReport__search=search))
    found = portal.searches.look([(("patient.name", "Okafor"),), (("identifier", "A1"),)])
    assert [each.report.key for each in found.reports] == ["a", "b"]
    assert found.more
    assert [each.get("patient.name") for each in asked] == ["Okafor", None]
    assert all("kafor" not in each.path for each in server.asked)


def test_a_portal_that_refuses_the_full_wording_is_asked_more_plainly(signed_in):  # noqa: F811
    def search(request):
        return answer(400) if b"_total" in request.body else answer(body=bundle("a"))

    portal, _server = signed_in(Script(fhir_DiagnosticReport__search=search))
    found = portal.searches.look([(("patient.name", "Okafor"),)])
    assert [each.report.key for each in found.reports] == ["a"]
    assert not found.more


def test_what_a_portal_says_of_saved_searches_is_taken_with_care(signed_in):  # noqa: F811
    said = [
        {"name": "Mine", "query": "ct"},
        *({"name": name, "query": "x"} for name in ("", "n" * 61, "a\u202eb", 7, None)),
        {"name": "n", "query": "q" * 201},
        "no object",
    ]
    portal, _server = signed_in(described(portal_searches=answer(body={"searches": said})))
    assert portal.searches.saved() == (SavedSearch("Mine", "ct"),)


def test_saving_tells_the_portal_and_a_portal_without_them_says_so(signed_in):  # noqa: F811
    told = []

    def change(request):
        told.append(request.json)
        return answer(204)

    portal, _server = signed_in(described(portal_searches=change))
    portal.searches.change(save=[SavedSearch("Mine", "ct")], remove=["Old"])
    assert told == [{"save": [{"name": "Mine", "query": "ct"}], "remove": ["Old"]}]
    without, _server = signed_in(Script())
    assert without.searches.saved() == ()
    with pytest.raises(PortalFault):
        without.searches.change(remove=["Old"])


def test_no_saved_search_shows_itself_in_a_traceback():
    assert "okafor" not in repr(SavedSearch("okafor", "okafor"))
