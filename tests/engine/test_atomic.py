"""Outputs are whole or not there; an old one stays until its successor is complete."""

from pathlib import Path

import pytest

from pipeline.engine.atomic import whole_file, write_whole


def test_a_write_that_fails_leaves_the_old_file_and_no_debris(tmp_path: Path) -> None:
    path = tmp_path / "总结.docx"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="disk"), whole_file(path) as (stream, _placed):
        stream.write(b"half of the new")
        raise OSError("disk is full")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["总结.docx"]


def test_a_file_open_in_word_is_left_and_the_new_one_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "总结.docx"
    path.write_bytes(b"open in Word")
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target) == path:
            raise PermissionError(13, "in use")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    placed = write_whole(path, b"new")
    assert placed.name == "总结（新）.docx"
    assert (path.read_bytes(), placed.read_bytes()) == (b"open in Word", b"new")
    monkeypatch.undo()
    assert write_whole(path, b"newer") == path
    assert not placed.exists()


def test_equal_bytes_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole(path, b"same")
    before = path.stat().st_mtime_ns
    write_whole(path, b"same")
    assert path.stat().st_mtime_ns == before
