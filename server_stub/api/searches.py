"""The routes of a user's saved searches.

Must never: answer without a session, or repeat in an error what was searched for.
"""

# No `from __future__ import annotations` here: FastAPI must see the local `signed_in` in the annotations.
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from server_stub.api.problems import ProblemError
from server_stub.api.shapes import Problem
from server_stub.store.searches import MOST, SavedSearches
from server_stub.store.sessions import Caller

Title = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SavedSearchShape(BaseModel):
    """One saved search."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Title
    query: Text


class AllSearchesShape(BaseModel):
    """All of a user's saved searches, oldest first."""

    searches: list[SavedSearchShape]


class SearchesChange(BaseModel):
    """What to save, replacing what has the same name, and the names of what to remove."""

    model_config = ConfigDict(extra="forbid", strict=True)

    save: Annotated[list[SavedSearchShape], Field(max_length=MOST)] = []
    remove: Annotated[list[Title], Field(max_length=MOST)] = []


def make_search_routes(
    saved: SavedSearches, signed_in: Callable[..., Caller], now: Callable[[], float]
) -> APIRouter:
    """Return the routes; `signed_in` lets nobody in without a session."""
    router = APIRouter(responses={401: {"model": Problem}, 422: {"model": Problem}})

    @router.get("/portal/searches")
    def read_searches(caller: Annotated[Caller, Depends(signed_in)]) -> AllSearchesShape:
        """Give the user's saved searches."""
        found = saved.all(caller.user).items()
        return AllSearchesShape(searches=[SavedSearchShape(name=name, query=query) for name, query in found])

    @router.put("/portal/searches", status_code=204, responses={409: {"model": Problem}})
    def change_searches(asked: SearchesChange, caller: Annotated[Caller, Depends(signed_in)]) -> Response:
        """Save and remove searches, all or nothing."""
        wanted = {each.name: each.query for each in asked.save}
        if not saved.change(caller.user, wanted, asked.remove, now()):
            raise ProblemError(409, "too-many", f"At most {MOST} searches can be saved; remove one first.")
        return Response(status_code=204)

    return router
