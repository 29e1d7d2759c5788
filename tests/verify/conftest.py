"""One run for all tests of the proof."""

from pathlib import Path

import pytest

from tests.verify.school import school


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return school(tmp_path_factory.mktemp("核对"))
