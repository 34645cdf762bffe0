from meetings.models.items import AgendaItem, Attachment, ItemText, ItemTextRevision
from meetings.models.meeting import Meeting
from meetings.models.people import Attendance, Disqualification
from meetings.models.rounds import InputAnswer, InputRound
from meetings.models.versions import (
    IssuedVersion,
    ReadThrough,
    ReadThroughComment,
    ReadThroughReader,
    RenderedDocument,
    Seal,
    SealedFile,
)
from meetings.models.workshops import WorkshopExercise, WorkshopNote

__all__ = [
    "AgendaItem",
    "Attachment",
    "Attendance",
    "Disqualification",
    "InputAnswer",
    "InputRound",
    "IssuedVersion",
    "ItemText",
    "ItemTextRevision",
    "Meeting",
    "ReadThrough",
    "ReadThroughComment",
    "ReadThroughReader",
    "RenderedDocument",
    "Seal",
    "SealedFile",
    "WorkshopExercise",
    "WorkshopNote",
]
