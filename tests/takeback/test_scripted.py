"""The scripted reviewer over the repository's own material: sixty changes, LibreOffice in between, nothing lost."""

from pathlib import Path

import pytest

from bench.review import scripted
from tests.workspaces import ROOT


@pytest.mark.slow
@pytest.mark.soffice
@pytest.mark.timeout(1800)
def test_sixty_changes_come_back_and_last(tmp_path: Path) -> None:
    figures = scripted(ROOT / "inputs", tmp_path)
    assert figures["changes"] == figures["come_back"] == figures["held"] == 60
    assert figures["applied_again"] == 0
    assert figures["held_after_disturbance"] >= 58
    assert figures["lost_and_named"] == 60 - figures["held_after_disturbance"]
