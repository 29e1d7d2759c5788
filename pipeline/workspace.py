"""The folder that holds inputs/ and outputs/: the names of the contract, in one place."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UnusableWorkspace


@dataclass(frozen=True)
class Workspace:
    """Paths of one workspace. Nothing is created by looking."""

    root: Path

    @property
    def inputs(self) -> Path:
        return self.root / "inputs"

    @property
    def guideline(self) -> Path:
        return self.inputs / "guideline"

    @property
    def submissions(self) -> Path:
        return self.inputs / "submissions"

    @property
    def rubric(self) -> Path:
        return self.inputs / "rubric.xlsx"

    @property
    def roster(self) -> Path:
        return self.inputs / "departments.xlsx"

    @property
    def reviewed(self) -> Path:
        return self.inputs / "reviewed"

    @property
    def decisions(self) -> Path:
        return self.inputs / "decisions.xlsx"

    @property
    def errata(self) -> Path:
        return self.inputs / "勘误.xlsx"

    @property
    def last_year(self) -> Path:
        return self.inputs / "last_year"

    @property
    def settings(self) -> Path:
        return self.inputs / "settings.toml"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def store(self) -> Path:
        return self.root / ".shuangchuang"

    def outputs(self, year: int) -> Path:
        return self.root / "outputs" / str(year)

    def relative(self, path: Path) -> str:
        """A path as the contract writes it: relative to the workspace, `/`, NFC."""
        return unicodedata.normalize("NFC", path.relative_to(self.root).as_posix())


def open_workspace(root: Path) -> Workspace:
    """The workspace at `root`; raises UnusableWorkspace where it has no inputs to read."""
    workspace = Workspace(root.resolve())
    if not workspace.inputs.is_dir():
        raise UnusableWorkspace(
            f"在“{workspace.root}”里没有找到 inputs 文件夹：请在放有 inputs 的文件夹里运行，"
            "或用 --workspace 指明它；新建工作文件夹用 shuangchuang init 文件夹名。"
        )
    if not workspace.submissions.is_dir():
        raise UnusableWorkspace(
            "inputs 里没有 submissions 文件夹：请建立 inputs/submissions，每个单位一个子文件夹，把报送材料放进去。"
        )
    return workspace
