"""The use cases alone: without what higher apps hang on their moves."""

import pytest

from usecases import hooks


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    for name in ("moved", "revised", "gates"):
        monkeypatch.setattr(hooks, name, [])
