"""What `review apply` did with every change, for the console and as JSON."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.errors import Exit
from pipeline.model import Decision, Problem
from pipeline.review.decisions import NAMES

State = Literal["applied", "unchanged", "withdrawn", "stale", "conflicting", "overruled"]
STATES: dict[State, str] = {
    "applied": "已采用",
    "unchanged": "早已记下",
    "withdrawn": "已撤回",
    "stale": "已过时",
    "conflicting": "有冲突",
    "overruled": "以手工决定为准",
}
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change. `decision` is the change; `message` says why where it was not applied."""

    state: State
    decision: Decision
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """One entry of `review apply --json`."""
        d = self.decision
        return {
            "state": self.state,
            "id": d.id or None,
            "kind": d.kind,
            "department": d.department,
            "code": d.code,
            "text": d.text,
            "value": d.value,
            "reason": d.reason,
            "who": d.who,
            "when": d.when,
            "source": d.source,
            "message": self.message,
        }

    def line(self) -> str:
        """The same for a person."""
        d = self.decision
        what = "　".join(filter(None, (d.department, NAMES[d.kind], d.code or "", d.value if d.kind != "edit" else "")))
        words = f"“{_short(d.text)}”" if d.text and d.text != d.value else ""
        by = "，".join(filter(None, (d.who, d.source)))
        return f"{STATES[self.state]}：{what}{words}" + (f"（{by}）" if by else "") + self.message


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one `review apply` has to say."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]  # the reviewed files that were read
    decisions: int  # in force afterwards, numbers not counted

    @property
    def exit_code(self) -> Exit:
        """1 where a person must look: something stale, conflicting, or not to be understood."""
        open_ones = any(o.state in ("stale", "conflicting") for o in self.outcomes)
        return Exit.FINDINGS if open_ones or self.problems else Exit.DONE

    def as_json(self) -> dict[str, Any]:
        """`review apply --json`."""
        return {
            "exit": int(self.exit_code),
            "counts": {state: self.count(state) for state in STATES},
            "files": list(self.files),
            "decisions": self.decisions,
            "changes": [outcome.as_json() for outcome in self.outcomes],
            "problems": [
                {"path": p.path, "place": p.place, "message": p.message, "remedy": p.remedy} for p in self.problems
            ],
        }

    def count(self, state: State) -> int:
        """How many changes came out so."""
        return Counter(outcome.state for outcome in self.outcomes)[state]

    def lines(self) -> Iterator[str]:
        """The same for the console."""
        yield (
            f"读了 {len(self.files)} 份审阅过的文件。"
            if self.files
            else "没有找到改动过的文件：请把审阅稿放进 inputs/reviewed。"
        )
        for outcome in self.outcomes:
            if outcome.state != "unchanged":
                yield outcome.line()
        for problem in self.problems:
            place = f"　{problem.place}" if problem.place else ""
            yield f"{problem.path}{place}：{problem.sentence()}"
        counted = "，".join(f"{word} {self.count(state)} 项" for state, word in STATES.items() if self.count(state))
        yield (counted or "没有新的改动") + f"；现有决定 {self.decisions} 项，见 inputs/decisions.xlsx。"
        if self.count("applied") or self.count("withdrawn"):
            yield "下次运行 shuangchuang run 时生效。"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
