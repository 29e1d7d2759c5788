"""The store gives back what was kept, only under the same key, and survives damage."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engine import Store, content_key


def test_what_is_kept_is_there_in_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    first = Store(path)
    first.put("key", b"value")
    first.close()
    second = Store(path)
    assert second.get("key") == b"value"
    assert second.get("another") is None
    second.close()


def test_fresh_believes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    first = Store(path)
    first.put("key", b"value")
    first.close()
    second = Store(path, fresh=True)
    assert second.get("key") is None
    second.close()


def test_a_damaged_store_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"this is no database, it only has the name of one" * 100)
    store = Store(path)
    assert store.get("key") is None
    store.put("key", b"value")
    assert store.get("key") == b"value"
    store.close()


def test_an_entry_unused_for_many_runs_is_dropped_and_a_used_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = Store(path)
    store.put("used", b"1")
    store.put("unused", b"2")
    store.close()
    for _run in range(8):
        store = Store(path)
        assert store.get("used") == b"1"
        store.close()
    store = Store(path)
    assert store.get("unused") is None
    store.close()


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_different_parts_never_share_a_key(left: list[bytes], right: list[bytes]) -> None:
    assert (content_key(*left) == content_key(*right)) == (left == right)


def test_more_keys_than_are_noted_at_a_time_all_count_as_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.engine.store._TOUCHED", 3)
    path = tmp_path / "store.sqlite"
    keys = [f"key {number}" for number in range(10)]
    store = Store(path)
    for key in keys:
        store.put(key, key.encode())
    store.close()
    for _run in range(8):
        store = Store(path)
        assert all(store.has(key) for key in keys)
        store.put("of this run", b"")
        store.close()
    store = Store(path)
    assert [store.get(key) for key in keys] == [key.encode() for key in keys]
    store.close()
