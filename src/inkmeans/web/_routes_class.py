"""The teacher's side of a class that draws together."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from inkmeans.lesson import Clusterings, ReadBy, as_text, set_document
from inkmeans.web._class import SchoolClass, qr_rows
from inkmeans.web._routes_read import require_json
from inkmeans.web._security import OneTimeCode
from inkmeans.web._types_class import (
    ClassSettings,
    ClassState,
    DeskAddress,
    KeepClass,
    KeptClass,
    MoveDrawings,
    NoClass,
    ReadByClusters,
    StopPhone,
)
from inkmeans.web._types_learn import LearnSet

WAITED = 20.0
"""Seconds after which an answer comes though nothing changed."""
Since = Annotated[int, Query(ge=0, le=2**53, description="The revision that the last answer told of; 0 for all.")]


Brief = Annotated[bool, Query(description="At once, and without drawings.")]


async def told(school_class: SchoolClass, since: int, **options: bool) -> Response:
    """Return the answer to who waits for a change; `options` as of `SchoolClass.state`."""
    await school_class.changes.after(since, WAITED)
    body = await run_in_threadpool(lambda: school_class.state(since, **options))
    return Response(body, media_type="application/json")


def class_routes(school_class: SchoolClass | None, clusterings: Clusterings) -> APIRouter:
    """Return the routes of the teacher; where there is no class, they say so."""
    router = APIRouter(prefix="/class", tags=["class"])

    def offered() -> SchoolClass:
        if school_class is None:
            raise HTTPException(404, "This server has no class; inkmeans serve --class starts a server that has one.")
        return school_class

    Offered = Annotated[SchoolClass, Depends(offered)]
    json_only = [Depends(offered), Depends(require_json)]

    @router.get("", response_model=ClassState | NoClass)
    async def show_class(since: Since = 0, brief: Brief = False) -> Response | NoClass:
        """Tell what changed since a revision: at once, or when something does, at the latest after 20 seconds.

        Of drawings that are not shown, only their numbers are told.
        """
        if school_class is None:
            return NoClass()
        return await told(school_class, 0 if brief else since, is_wall=True, is_brief=brief)

    @router.get("/desk", response_model=ClassState)
    async def show_desk(one: Offered, since: Since = 0) -> Response:
        """Tell what changed since a revision, with the drawings that wait or were taken out."""
        return await told(one, since)

    @router.post("/drawings", status_code=204, dependencies=json_only)
    def move_drawings(document: MoveDrawings, one: Offered) -> None:
        """Show drawings, take them out, or let them wait."""
        one.room.move(document.ids, document.state)

    @router.post("/settings", status_code=204, dependencies=json_only)
    def change_settings(document: ClassSettings, one: Offered) -> None:
        """Open or close the room, show drawings as they come, ask phones for digits."""
        one.room.change(is_open=document.is_open, as_they_come=document.as_they_come, prompts=document.prompts)

    @router.post("/phones", status_code=204, dependencies=json_only)
    def stop_phone(document: StopPhone, one: Offered) -> None:
        """Take all drawings of a phone out and take no more from it; or take them again."""
        one.room.stop(document.phone, is_stopped=document.is_stopped)

    @router.post("/set")
    def make_set(one: Offered) -> LearnSet:
        """Make a set of Learn of what is shown now; it is forgotten when the class ends."""
        return LearnSet(**set_document(one.room.make_set()))

    @router.post("/reader", status_code=204, dependencies=json_only)
    def read_by(document: ReadByClusters, one: Offered) -> None:
        """From now on, read the drawings that come by named clusters."""
        if document.clustering is None:
            one.room.read_by(None)
            return
        round = one.room.round
        found = clusterings.find(document.clustering)
        if found is None:
            raise HTTPException(404, f"There is no clustering '{document.clustering}' any more; make it again.")
        reader = clusterings.reader(found, document.names)
        one.room.read_by(ReadBy(len(document.names), tuple(document.names), reader), round)

    @router.post("/keep", dependencies=json_only)
    def keep(document: KeepClass, one: Offered) -> KeptClass:
        """Write what is shown now into a new project file."""
        return KeptClass(file=as_text(str(one.room.keep(document.title).resolve())))

    @router.post("/end", status_code=204)
    def end(one: Offered) -> None:
        """Delete all drawings, and tell the phones so."""
        one.end()

    @router.post("/desk")
    def open_desk(one: Offered) -> DeskAddress:
        """Give the address that opens the desk on the teacher's own phone, once, within a minute."""
        address = one.desk_address()
        return DeskAddress(address=address, qr=qr_rows(address), seconds=round(OneTimeCode.SECONDS))

    return router
