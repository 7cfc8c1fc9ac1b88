"""A process that reads one document: it locks itself in, takes the document, and answers until nobody asks.

Owns: what of a fault is told. Must never: take a byte of the document before it is locked in, or answer with
words of its own: it names a reason (`client.darkroom.refusal`), or where our own code failed.
"""

from __future__ import annotations

import importlib
import traceback

from client.darkroom import sandbox
from client.darkroom.message import Garbled, HungUp, Link, Message, Until, receive, send
from client.darkroom.refusal import Refusal, Refused
from client.darkroom.task import Ask, Begun, Work

_prepared: set[str] = set()  # in a forked process also what the first one has prepared


def prepare(module: str) -> Work:
    """Return the module that does a work, with all it needs imported; nothing is done twice."""
    work: Work = importlib.import_module(module)
    if module not in _prepared:
        work.prepare()
        _prepared.add(module)
    return work


def develop(link: Link, work: Work) -> None:
    """Work on what comes over `link` until the other side hangs up."""
    sandbox.lock_in(work.READS)
    serve(link, work)


def serve(link: Link, work: Work) -> None:
    """Answer the first message with the work's own `begin`, and the others with what that left to ask."""
    never = Until()
    ask: Ask | None = None
    while True:
        try:
            request = receive(link, never)
            begun = _attempt(work, ask, request)
            send(link, begun.answer.said, begun.answer.blobs, never)
        except (HungUp, Garbled):
            return
        ask = begun.ask or ask
        if ask is None:
            return


def _attempt(work: Work, ask: Ask | None, request: Message) -> Begun:
    try:
        answer, after = work.begin(request) if ask is None else (ask(request), ask)
        return Begun(Message({"answer": answer.said}, answer.blobs), after)
    except Refused as refused:
        return Begun(Message({"refused": refused.refusal.value}))
    except MemoryError:
        return Begun(Message({"refused": Refusal.TOO_LARGE.value}))
    except Exception as fault:  # the boundary: whatever a document does to its parser is one placeholder
        return Begun(Message({"refused": Refusal.UNFORESEEN.value, "code": _code(fault)}))


def _code(fault: BaseException) -> str:
    """Return the kind of a fault and the place in our own code, never what it said."""
    places = [
        f"{frame.f_globals.get('__name__', '?')} line {line}"
        for frame, line in traceback.walk_tb(fault.__traceback__)
    ]
    ours = [place for place in places if place.startswith("client.")]
    return f"{type(fault).__name__} in {ours[-1]}" if ours else type(fault).__name__
