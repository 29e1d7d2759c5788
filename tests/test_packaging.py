"""The program from a wheel, an sdist, a clone and an editable install; its dependencies; file names that Windows takes."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.write import folder_name
from tests.workspaces import ROOT, small_workspace

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMPORTED_AS = {"pillow": "PIL", "python-docx": "docx", "scikit-learn": "sklearn"}
COMES_WITH = {"cv2": "rapidocr", "dask": "distributed", "pdfminer": "pdfplumber", "scipy": "sklearn"}
SHIPPED = ("pipeline", "templates", "inputs", "tests", "bench", "docs")


def names(requirements: list[str]) -> set[str]:
    return {IMPORTED_AS.get(n, n) for n in (re.split(r"[<>=!~\[; ]", r)[0] for r in requirements)}


def imports(*, optional: bool) -> set[str]:
    """Third-party packages that the program imports; `optional` those guarded by a try, else the rest."""
    found = {True: set[str](), False: set[str]()}
    for path in (ROOT / "pipeline").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        guarded = {id(n) for t in ast.walk(tree) if isinstance(t, ast.Try) for s in t.body for n in ast.walk(s)}
        for node in ast.walk(tree):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            found[id(node) in guarded] |= {m.partition(".")[0] for m in modules}
    outside = {m for m in found[optional] if m not in sys.stdlib_module_names and m != "pipeline"}
    return {COMES_WITH.get(m, m) for m in outside}


def test_every_dependency_is_used_and_every_use_is_declared() -> None:
    declared = names(PROJECT["dependencies"])
    extras = names(PROJECT["optional-dependencies"]["cluster"] + PROJECT["optional-dependencies"]["watch"])
    always, guarded = imports(optional=False), imports(optional=True)
    assert always <= declared, always - declared
    assert guarded <= declared | extras, guarded - declared - extras
    assert declared <= always | guarded, declared - always - guarded


@pytest.mark.parametrize(
    ("module", "arguments", "words"),
    [
        ("distributed", ["run", "--cluster", "tcp://127.0.0.1:9"], "shuangchuang[cluster]"),
        ("watchfiles", ["watch"], "shuangchuang[watch]"),
    ],
)
def test_a_missing_extra_is_a_sentence_with_the_remedy(
    tmp_path: Path, module: str, arguments: list[str], words: str
) -> None:
    (tmp_path / f"{module}.py").write_text("raise ImportError", encoding="utf-8")
    root = small_workspace(tmp_path / "工作")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments, "--workspace", str(root)],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- Windows


def shipped() -> Iterator[Path]:
    for folder in SHIPPED:
        yield from (p.relative_to(ROOT) for p in (ROOT / folder).rglob("*") if "__pycache__" not in p.parts)


def test_every_file_of_the_project_can_lie_on_windows() -> None:
    seen: dict[str, Path] = {}
    reserved = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
    for path in shipped():
        assert not re.search(r'[<>:"|?*\\]|[ .]$', path.name), path
        assert not reserved.fullmatch(path.name), path
        assert len(str(path)) < 160, path  # of the 260 that Windows allows, the rest is the folder it lies in
        assert seen.setdefault(str(path).casefold(), path) == path


@pytest.mark.parametrize(
    ("department", "folder"),
    [
        ("机电学院党总支", "机电学院党总支"),
        ("CON", "_CON"),
        ("nul.单位", "_nul.单位"),
        ("机电/化工：联合<支部>?", "机电_化工：联合_支部__"),
        (" 体育部. ", "体育部"),
        ("..", "未命名单位"),
    ],
)
def test_a_departments_folder_has_a_name_that_windows_takes(department: str, folder: str) -> None:
    assert folder_name(department) == folder


def test_no_file_is_opened_in_whatever_encoding_the_machine_prefers(tmp_path: Path) -> None:
    root = small_workspace(tmp_path)
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-m", "pipeline", "run", "--workspace", str(root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "EncodingWarning" in line and f"{ROOT}" in line]


# ---------------------------------------------------------------- four ways to have it


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git would give, in a folder of another name."""
    folder = tmp_path_factory.mktemp("克 隆")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("*.*"):
        if path.is_file():
            shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def built(clone: Path) -> Path:
    """The wheel and the sdist, in one folder."""
    subprocess.run([sys.executable, "-m", "hatchling", "build"], cwd=clone, check=True, capture_output=True)
    return clone / "dist"


def environment(folder: Path) -> Path:
    """A new environment that sees this one's packages behind its own; its Python."""
    venv.create(folder, with_pip=False)
    own = next(folder.glob("lib/python*/site-packages"))
    behind = [path for path in sys.path if path.endswith("site-packages")]
    (own / "behind.pth").write_text("\n".join(behind) + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def install(python: Path, *what: str) -> None:
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet", "--ignore-installed"]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), "install", *options, *what], check=True)


def works(command: list[str], at: Path, tmp_path: Path, home: Path) -> None:
    """`command` is the program at `home`: it runs a workspace from an unrelated folder, templates and data and all."""
    root = small_workspace(tmp_path / "工 作")

    def call(*arguments: str) -> "subprocess.CompletedProcess[str]":
        clean = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        return subprocess.run(
            [*command, *arguments], cwd=at, env={**clean, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8"
        )

    done = call("run", "--workspace", str(root))
    assert done.returncode == 0, done.stderr
    assert (root / "outputs" / "2024" / "机电学院党总支" / "2024年度双创工作总结.docx").is_file()
    assert call("template", "check", "--workspace", str(root)).returncode == 0
    assert call("init", str(tmp_path / "新")).returncode == 0
    assert list((tmp_path / "新" / "launcher").glob("*.whl"))
    code = "import pipeline; print(pipeline.__file__)"
    found = subprocess.run([command[0], "-c", code], cwd=at, capture_output=True, encoding="utf-8", check=True)
    assert Path(found.stdout.strip()).is_relative_to(home)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_wheel_and_sdist_run_from_anywhere(built: Path, tmp_path: Path, pattern: str) -> None:
    home = tmp_path / "环境"
    python = environment(home)
    install(python, str(next(built.glob(pattern))))
    assert (home / "bin" / "shuangchuang").is_file()
    works([str(python), "-m", "pipeline"], tmp_path, tmp_path, home)


@pytest.mark.slow
def test_an_editable_install_uses_the_clones_templates(clone: Path, tmp_path: Path) -> None:
    python = environment(tmp_path / "环境")
    install(python, "--editable", str(clone))
    works([str(python), "-m", "pipeline"], tmp_path, tmp_path, clone)


@pytest.mark.slow
def test_a_clone_runs_without_being_installed(clone: Path, tmp_path: Path) -> None:
    works([sys.executable, "-m", "pipeline"], clone, tmp_path, clone)
