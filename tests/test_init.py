"""A new workspace: what is in it, what the launchers do with what is dropped, and that all of it works without a network."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from packaging.requirements import Requirement

from pipeline import guideline, intake, scoring
from pipeline.cli import main
from pipeline.start import launcher, make_workspace, wheels
from pipeline.workspace import Workspace, open_workspace
from tests.workspaces import OFFICIAL, small_workspace, write_docx


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_workspace(tmp_path_factory.mktemp("信息部门") / "年终 材料", OFFICIAL)


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


def test_a_new_workspace_can_be_used_at_once(made: Workspace) -> None:
    found = guideline.find(open_workspace(made.root))
    assert len(found.thirds()) == 39
    rubric = scoring.load_rubric(made, found)
    assert set(rubric.points) == {i.code for i in found.thirds()}
    assert intake.departments(made, []) == []
    for folder in ("reviewed", "last_year", "submissions"):
        assert (made.inputs / folder).is_dir()


def test_without_a_guideline_the_next_step_is_to_put_one_in(tmp_path: Path) -> None:
    result = init(str(tmp_path / "年终"))
    assert result.exit_code == 0, result.output
    assert "把指南" in result.output
    run = CliRunner().invoke(main, ["run", "--workspace", str(tmp_path / "年终")])
    assert run.exit_code == 2
    assert "guideline" in run.stderr


def test_a_folder_with_anything_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "年终" / "inputs" / "departments.xlsx"
    kept.parent.mkdir(parents=True)
    kept.write_bytes("她填好的名单".encode())
    result = init(str(tmp_path / "年终"))
    assert result.exit_code == 2
    assert "没有改动它" in result.stderr
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [kept]
    assert kept.read_bytes() == "她填好的名单".encode()


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "年终").write_bytes(b"")
    result = init(str(tmp_path / "年终"))
    assert result.exit_code == 2
    assert "是一个文件" in result.stderr


def test_a_wrong_guideline_makes_nothing(tmp_path: Path) -> None:
    result = init(str(tmp_path / "年终"), "--guideline", str(write_docx(tmp_path / "通知.docx", ("请按时报送。",))))
    assert result.exit_code == 2
    assert not (tmp_path / "年终").exists()


def test_nothing_in_it_names_this_machine(made: Workspace) -> None:
    here = (str(Path.home()), str(made.root.parent), sys.prefix, sys.base_prefix)
    for path in made.root.rglob("*"):
        if path.suffix in {".bat", ".command", ".py", ".txt"}:
            text = path.read_text(encoding="utf-8")
            assert not [place for place in here if place in text and place != "/"], path.name


@pytest.mark.soffice
def test_the_instructions_are_one_page_with_a_picture_for_each_step(made: Workspace, tmp_path: Path) -> None:
    import pdfplumber

    from pipeline.tools.soffice import convert

    data = convert((made.root / "使用说明.docx").read_bytes(), "docx", "pdf", 120)
    assert isinstance(data, bytes)
    (tmp_path / "page.pdf").write_bytes(data)
    with pdfplumber.open(tmp_path / "page.pdf") as pdf:
        assert len(pdf.pages) == 1
        assert len(pdf.pages[0].images) == 3
        text = pdf.pages[0].extract_text().replace(" ", "")
    assert "运行.bat" in text


# ---------------------------------------------------------------- the launchers as text


def test_the_windows_launcher_is_ascii_with_windows_line_ends(made: Workspace) -> None:
    data = (made.root / "运行.bat").read_bytes()
    assert data.isascii()
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r")
    text = data.decode("ascii")
    called = set(re.findall(r"(?:call :|goto )(\w+)", text))
    assert called == set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    for inside in re.findall(r"%~dp0([\w\\.*-]+)", text):
        assert any(made.root.glob(inside.replace("\\", "/"))) or inside.startswith("python-3"), inside
    assert not re.search(r"(?<!%)\b[A-Za-z]:\\", text)


@pytest.mark.parametrize("name", ["运行.bat", "运行.command"])
@pytest.mark.parametrize(("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_the_launchers_choose_a_python_that_there_are_packages_for(
    made: Workspace, name: str, version: tuple[int, int], fits: bool
) -> None:
    test = re.search(r'-c "(import sys; .*?)"', (made.root / name).read_text(encoding="utf-8"))
    assert test is not None
    code = f"import sys; sys.version_info = ({version[0]}, {version[1]}, 0); {test[1]}"
    assert (subprocess.run([sys.executable, "-c", code], check=False).returncode == 0) is fits


def test_the_other_launcher_can_be_executed(made: Workspace) -> None:
    unix = made.root / "运行.command"
    assert b"\r" not in unix.read_bytes()
    assert os.access(unix, os.X_OK)
    bash = shutil.which("bash")
    assert bash is not None
    assert subprocess.run([bash, "-n", str(unix)], check=False).returncode == 0


def test_without_python_it_says_what_to_do(made: Workspace, tmp_path: Path) -> None:
    bash, cat, dirname = (shutil.which(name) for name in ("bash", "cat", "dirname"))
    assert bash is not None
    assert cat is not None
    assert dirname is not None
    for program in (cat, dirname):
        (tmp_path / Path(program).name).symlink_to(program)
    command = [bash, str(made.root / "运行.command")]
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "没有可用的 Python" in done.stderr


# ---------------------------------------------------------------- what is dropped on them


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "工作" / "inputs" / "submissions").mkdir(parents=True)
    return tmp_path / "工作"


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def put(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_departments_folder_is_copied_in_and_nothing_is_overwritten(home: Path, tmp_path: Path) -> None:
    dropped = tmp_path / "机电学院党总支"
    put(dropped / "总结.docx", b"new")
    put(dropped / "台账" / "三会一课.xlsx", b"same")
    target = home / "inputs" / "submissions"
    put(target / "机电学院党总支" / "总结.docx", b"old")
    put(target / "机电学院党总支" / "台账" / "三会一课.xlsx", b"same")
    assert "复制了 1 个文件" in launcher.take_in(dropped, home, None)
    assert "复制了 0 个文件" in launcher.take_in(dropped, home, None)
    assert files(target) == {
        "机电学院党总支/总结.docx": b"old",
        "机电学院党总支/总结（2）.docx": b"new",
        "机电学院党总支/台账/三会一课.xlsx": b"same",
    }


@pytest.mark.parametrize(("answer", "departments"), [("y", {"机电", "化工"}), ("", {"全部"})])
def test_a_folder_of_departments_is_asked_about(home: Path, tmp_path: Path, answer: str, departments: set[str]) -> None:
    put(tmp_path / "全部" / "机电" / "总结.docx")
    put(tmp_path / "全部" / "化工" / "总结.docx")
    launcher.take_in(tmp_path / "全部", home, lambda _question: answer)
    assert {p.name for p in (home / "inputs" / "submissions").iterdir()} == departments


def test_one_file_is_the_guideline_while_there_is_none(home: Path, tmp_path: Path) -> None:
    assert "作为指南" in launcher.take_in(put(tmp_path / "指南.docx"), home, None)
    assert "没有处理" in launcher.take_in(put(tmp_path / "纪要.docx"), home, None)
    assert files(home) == {"inputs/guideline/指南.docx": b"x"}


def test_what_is_in_the_workspace_already_is_not_copied_again(home: Path) -> None:
    inside = put(home / "inputs" / "submissions" / "机电" / "总结.docx").parent
    assert "不用复制" in launcher.take_in(inside, home, None)
    assert len(files(home)) == 1


def test_a_dropped_workspace_is_run_in_place(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "去年"
    (other / "inputs" / "submissions").mkdir(parents=True)
    ran: list[str] = []

    def record(command: list[str], **_named: object) -> "subprocess.CompletedProcess[bytes]":
        ran.append(command[-1])
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(launcher, "environment", lambda _home: Path(sys.executable))
    monkeypatch.setattr("subprocess.run", record)
    assert launcher.main(home, [other / "inputs"], None) == 1
    assert launcher.main(home, [], None) == 1
    assert ran == [str(other), str(home)]


def test_an_installation_that_fails_says_why_and_where_the_record_is(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "launcher").mkdir()
    (home / "wheels").mkdir()
    monkeypatch.setattr("subprocess.run", lambda command, **_named: subprocess.CompletedProcess(command, 1))
    assert launcher.main(home, [], None) == 2
    told = capsys.readouterr().out
    assert "wheels 文件夹里的安装包可能不全" in told
    assert "安装记录.txt" in told


# ---------------------------------------------------------------- packages


def test_the_programs_own_wheel_is_whole_and_the_same_each_time(tmp_path: Path) -> None:
    name, data = wheels.own_wheel()
    assert (name, data) == wheels.own_wheel()
    (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / name) as wheel:
        inside = set(wheel.namelist())
        record = next(n for n in inside if n.endswith("RECORD"))
        for line in wheel.read(record).decode().splitlines():
            path, digest, size = line.rsplit(",", 2)
            if path != record:
                body = wheel.read(path)
                wanted = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
                assert (digest, size) == (f"sha256={wanted}", str(len(body)))
    for needed in ("pipeline/data/settings.toml", "pipeline/templates/补充材料清单.docx", "pipeline/start/launcher.py"):
        assert needed in inside
    assert not [n for n in inside if "__pycache__" in n]


def package(name: str, *requires: str) -> wheels.Package:
    return wheels.Package(name, "1.0", requires)


def test_what_only_windows_needs_is_found_whatever_this_machine_is() -> None:
    packages = {
        "click": package("click", 'colorama; platform_system == "Windows"', 'dataclasses; python_version < "3.7"'),
        "py7zr": package("py7zr", "rich[jupyter]", 'pyppmd; sys_platform != "win32"'),
        "rich": package("rich", 'ipywidgets>=7; extra == "jupyter"'),
    }
    assert wheels.unmet(packages, "3.12") == ["colorama", "ipywidgets>=7"]
    assert (
        wheels.unmet({**packages, "colorama": package("colorama"), "ipywidgets": package("ipywidgets")}, "3.12") == []
    )


@pytest.mark.slow
@pytest.mark.parametrize("python", wheels.PYTHONS)
def test_windows_wheels_exist_for_every_dependency(tmp_path: Path, python: str) -> None:
    name, data = wheels.own_wheel()
    (tmp_path / name).write_bytes(data)
    found = {p.name for p in wheels.resolve([str(tmp_path / name)], python)}
    assert {"shuangchuang", "colorama", "lxml", "numpy", "onnxruntime", "rapidocr", "scikit-learn"} <= found


def repacked(name: str, folder: Path) -> None:
    """The wheel of what is installed here, put together again from its own record."""
    installed = metadata.distribution(name)
    described = installed.read_text("WHEEL") or ""
    tags = [line.split(": ")[1] for line in described.splitlines() if line.startswith("Tag: ")]
    parts = [sorted({tag.split("-")[i] for tag in tags}) for i in range(3)]
    label = "-".join(".".join(part) for part in parts)
    path = folder / f"{installed.metadata['Name'].replace('-', '_')}-{installed.version}-{label}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for file in installed.files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                wheel.write(Path(str(file.locate())), file.as_posix())


def needed(name: str) -> set[str]:
    """A package and all that it needs on this machine."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            requirements = map(Requirement, metadata.requires(current) or ())
            waiting += [r.name.lower() for r in requirements if r.marker is None or r.marker.evaluate({"extra": ""})]
    return found


@pytest.mark.namespace
@pytest.mark.slow
@pytest.mark.timeout(900)  # 60 packages are unpacked; a busy machine takes minutes
def test_the_launcher_installs_and_runs_with_no_network_at_all(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "U 盘" / "年终材料").root
    name, data = wheels.own_wheel()
    folder = workspace / "wheels"
    folder.mkdir()
    (folder / name).write_bytes(data)
    with zipfile.ZipFile(folder / name) as wheel:
        about = wheel.read(next(n for n in wheel.namelist() if n.endswith("METADATA"))).decode()
    direct = [Requirement(r.split(": ", 1)[1]) for r in about.splitlines() if r.startswith("Requires-Dist")]
    for wanted in sorted({p for r in direct if r.marker is None for p in needed(r.name.lower())}):
        repacked(wanted, folder)
    shutil.copytree(small_workspace(tmp_path / "样例") / "inputs", workspace / "inputs", dirs_exist_ok=True)
    programs = tmp_path / "bin"  # what this machine has of these names is not what the wheels are for
    programs.mkdir()
    base = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"
    for file, line in [("python3", f'exec "{base}" "$@"'), *((f"python3.{n}", "exit 1") for n in (11, 12, 13))]:
        (programs / file).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (programs / file).chmod(0o755)
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", "PIP_NO_COMPILE": "1"}
    command = ["unshare", "-rn", "bash", str(workspace / "运行.command")]
    for again in (False, True):
        done = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL
        )
        record = workspace / "launcher" / "安装记录.txt"
        assert done.returncode == 0, done.stdout + done.stderr + record.read_text(encoding="utf-8")[-2000:]
        assert ("正在准备运行环境" in done.stdout) is not again
        assert (workspace / "outputs" / "2024" / "index.html").is_file()
