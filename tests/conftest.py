"""A test that needs a part which `doctor` does not find here is deselected, with one line that says so; never in CI."""

import importlib.util
import os

import pytest

from pipeline import doctor
from pipeline.read import ocr
from pipeline.tools.soffice import find_soffice

_PARTS = {
    "soffice": lambda: find_soffice() is not None,
    "browser": lambda: doctor.find_browser() is not None,
    "namespace": doctor.can_isolate,
    "ocr": ocr.available,
    "cluster": lambda: importlib.util.find_spec("distributed") is not None,
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("SHUANGCHUANG_ALL_TESTS"):
        return
    wanted = {mark.name for item in items for mark in item.iter_markers()} & _PARTS.keys()
    missing = {name for name in wanted if not _PARTS[name]()}
    kept = [item for item in items if not missing & {mark.name for mark in item.iter_markers()}]
    gone = [item for item in items if item not in kept]
    if gone:
        items[:] = kept
        config.hook.pytest_deselected(items=gone)
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line(
            f"{len(gone)} 项测试没有运行：这台电脑没有 {'、'.join(sorted(missing))}（见 shuangchuang doctor）。"
        )
