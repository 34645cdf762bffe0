import os
from hypothesis import settings, Phase, seed
from hypothesis.stateful import run_state_machine_as_test
from tests.meetings.test_meeting_machine import MeetingMachine
import pytest

pytestmark = pytest.mark.django_db


def test_dbg(db):
    s = settings(
        max_examples=int(os.environ.get("N", "100")),
        stateful_step_count=int(os.environ.get("S", "15")),
        deadline=None,
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        derandomize=os.environ.get("R") is None,
        database=None,
    )
    run_state_machine_as_test(MeetingMachine, settings=s)
