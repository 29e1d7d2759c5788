"""What moved between two runs: each score and verdict, before and after, and which file or decision moved it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.model import Decision

_FIGURES = ("full", "self", "suggested", "final")


def changes(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    sources: Mapping[str, str] | None = None,
    decisions: Sequence[Decision] = (),
) -> list[dict[str, Any]]:
    """Rows for changes.json from two scores.json. `sources`: evidence id -> path, of both runs where known.

    `because` names the files whose evidence came or went under that indicator, and the decisions on it. Without a run
    before there is nothing to compare.
    """
    if not before:
        return []
    old, new = _departments(before), _departments(after)
    rows: list[dict[str, Any]] = []
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            told = "本次新增的单位" if name in new else "本次没有这个单位"
            rows.append(_row(name, None, None, "department", name in old, name in new, [told]))
            continue
        rows += _indicators(name, old[name], new[name], sources or {}, decisions)
        for figure in ("total", "open", "grade"):
            if old[name].get(figure) != new[name].get(figure):
                rows.append(_row(name, None, None, figure, old[name].get(figure), new[name].get(figure), []))
    return rows


def _indicators(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any], sources: Mapping[str, str], decisions: Sequence[Decision]
) -> Iterator[dict[str, Any]]:
    before = {i["code"]: i for i in old.get("indicators", ())}
    for after in new.get("indicators", ()):
        was = before.get(after["code"])
        if was is None:
            continue
        because = _because(name, was, after, sources, decisions)
        for figure in _FIGURES:
            if was.get(figure) != after.get(figure):
                yield _row(name, after["code"], None, figure, was.get(figure), after.get(figure), because)
        verdicts = {v["id"]: v for v in was.get("requirements", ())}
        for verdict in after.get("requirements", ()):
            earlier = verdicts.get(verdict["id"])
            for figure in ("found", "met"):
                if earlier is not None and earlier.get(figure) != verdict.get(figure):
                    why = _because(name, earlier, verdict, sources, ()) or because
                    yield _row(
                        name, after["code"], verdict["id"], figure, earlier.get(figure), verdict.get(figure), why
                    )


def _because(
    name: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    sources: Mapping[str, str],
    decisions: Sequence[Decision],
) -> list[str]:
    """The files whose evidence came or went, and the decisions on this indicator that changed its figure."""
    was, now = set(old.get("evidence", ())), set(new.get("evidence", ()))
    came = sorted({sources[i] for i in now - was if i in sources})
    went = sorted({sources[i] for i in was - now if i in sources})
    told = [f"新增佐证：{path}" for path in came if path not in went]
    told += [f"不再引用：{path}" for path in went if path not in came]
    told += [f"佐证有变化：{path}" for path in came if path in went]
    if old.get("reviewed") != new.get("reviewed") or (new.get("reviewed") and old.get("final") != new.get("final")):
        told += [
            f"复核决定：{d.id}"
            for d in decisions
            if d.code == new.get("code") and d.department in ("", name) and d.kind in ("score", "na", "deduction")
        ] or ["复核分有变化"]
    if old.get("full") != new.get("full"):
        told.append("评分细则：满分有变化")
    return told


def _departments(scores: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {d["name"]: d for d in scores.get("departments", ())}


def _row(
    department: str, code: str | None, requirement: str | None, what: str, before: Any, after: Any, because: list[str]
) -> dict[str, Any]:
    return {
        "department": department,
        "code": code,
        "requirement": requirement,
        "what": what,
        "before": before,
        "after": after,
        "because": because,
    }
