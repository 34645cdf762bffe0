from meetings.models.approval import (
    CorrectionReply,
    MinutesAddition,
    MinutesApproval,
    ProofOverride,
    ReopenRequest,
)
from meetings.models.decisions import Decision, DecisionText
from meetings.models.follow_ups import FollowUp, FollowUpNote
from meetings.models.items import AgendaItem, Attachment, ItemText, ItemTextRevision
from meetings.models.meeting import Meeting
from meetings.models.motions import Dissent, Motion, Vote, VoteRound
from meetings.models.notes import PrivateNote
from meetings.models.people import Attendance, Disqualification, OutOfRoom
from meetings.models.presence import Presence, Sitting
from meetings.models.publication import PublicationFinding, PublicationRequest
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
    "CorrectionReply",
    "Decision",
    "DecisionText",
    "Disqualification",
    "Dissent",
    "FollowUp",
    "FollowUpNote",
    "InputAnswer",
    "InputRound",
    "IssuedVersion",
    "ItemText",
    "ItemTextRevision",
    "Meeting",
    "MinutesAddition",
    "MinutesApproval",
    "Motion",
    "OutOfRoom",
    "Presence",
    "PrivateNote",
    "ProofOverride",
    "PublicationFinding",
    "PublicationRequest",
    "ReadThrough",
    "ReadThroughComment",
    "ReadThroughReader",
    "RenderedDocument",
    "ReopenRequest",
    "Seal",
    "SealedFile",
    "Sitting",
    "Vote",
    "VoteRound",
    "WorkshopExercise",
    "WorkshopNote",
]
