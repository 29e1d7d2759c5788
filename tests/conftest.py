"""A test that needs an outside program this machine lacks is deselected, with one line that says so; never in CI."""

import os
import shutil
from collections.abc import Iterator

import pytest

_PROGRAMS = {
    "soffice": ("soffice", "libreoffice"),
    "browser": ("chromium", "chromium-browser", "google-chrome", "chrome"),
    "namespace": ("unshare",),
}


def _missing() -> Iterator[str]:
    for marker, programs in _PROGRAMS.items():
        if not any(shutil.which(program) for program in programs):
            yield marker


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("SHUANGCHUANG_ALL_TESTS"):
        return
    missing = set(_missing())
    kept = [item for item in items if not missing & {mark.name for mark in item.iter_markers()}]
    gone = [item for item in items if item not in kept]
    if gone:
        items[:] = kept
        config.hook.pytest_deselected(items=gone)
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line(f"{len(gone)} 项测试没有运行：这台电脑没有 {'、'.join(sorted(missing))}（见 shuangchuang doctor）。")
