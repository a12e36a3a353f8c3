"""What the tests of real trainings share."""

from collections.abc import Iterator

import pytest

from gan_core import settings
from tests.jobs.trainings import kill_all


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Whatever still trains at the end of a test is killed, so that it cannot start what waits either."""
    yield
    kill_all()


@pytest.fixture
def one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.variable("max_runs"), "1")
