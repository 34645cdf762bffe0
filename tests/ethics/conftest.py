"""A second version of the questionnaire, for as long as a test asks for it."""

import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import override_settings

from core import content
from ethics.questionnaire import QUESTIONNAIRES
from usecases.record import record


@pytest.fixture
def second_version(tmp_path):
    """Etik@2: K1 is worded differently, K4 is gone, K5 is new."""
    source = settings.BASE_DIR / "ethics/content/questionnaire/etik@1.yaml"
    folder = tmp_path / "ethics/content/questionnaire"
    folder.mkdir(parents=True)
    shutil.copy(source, folder)
    text = source.read_text().replace("Starter løsningen småt med", "Begynder løsningen småt med")
    (folder / "etik@2.yaml").write_text(text.replace("- id: K4", "- id: K5"))

    @contextmanager
    def standing():
        record()
        QUESTIONNAIRES.newest()
        kept = content._load_all(QUESTIONNAIRES)
        with override_settings(BASE_DIR=tmp_path):
            paths = sorted(QUESTIONNAIRES.directory().glob("*.yaml"))
            kept |= dict(content._parse_file(QUESTIONNAIRES, path) for path in paths)
            yield
        kept.pop(("etik", 2))

    return standing
