"""inputs/decisions.xlsx: what people decided, one row each, readable and editable by hand."""

from pipeline.model import Decision
from pipeline.workspace import Workspace


def load_decisions(workspace: Workspace) -> tuple[Decision, ...]:
    """The decisions in the order of their rows; none where the file does not exist."""
    if not workspace.decisions.is_file():
        return ()
    raise NotImplementedError
