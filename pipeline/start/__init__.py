"""The first hour: a new workspace with everything a clerk needs in it, and the packages to install without a network."""

from pipeline.start.wheels import collect_wheels
from pipeline.start.workspace import make_workspace

__all__ = ["collect_wheels", "make_workspace"]
