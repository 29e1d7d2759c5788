"""What a proof finds."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Unproved:
    """One sentence, cell or file that does not stand as printed. Texts are Chinese and free of personal data."""

    document: str  # relative to outputs/YYYY, or the path of an original
    place: str  # 第12段, 表1第5行, “评分表”G7, or "" for the whole file
    text: str  # as printed
    message: str  # what is the matter and what to do
    nearest: str = ""  # what the originals (or the counting over them) say instead
    source: str = ""  # file and place of `nearest`
    differs: tuple[tuple[str, str], ...] = ()  # (printed, original), piece by piece

    def sentence(self) -> str:
        """One line for the screen and the closing account."""
        where = self.document + (f" {self.place}" if self.place else "")
        quoted = f"：“{_short(self.text)}”" if self.text else ""
        found = "；".join(
            f"“{a}”应为“{b}”" if a and b else (f"多出“{a}”" if a else f"缺“{b}”") for a, b in self.differs[:4]
        )
        origin = f"（{self.source}：“{_short(self.nearest)}”）" if self.source and self.nearest else ""
        if not origin and self.nearest and not found:
            origin = f"（应为“{_short(self.nearest)}”）"
        return f"{where}{quoted} {self.message}{found}{origin}"

    def as_json(self) -> dict[str, Any]:
        """The form of `verify --json`."""
        return asdict(self) | {"differs": [{"printed": a, "original": b} for a, b in self.differs]}


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome: what was looked at, and what could not be proved, in the order of the documents."""

    documents: int
    statements: int  # sentences and cells looked at
    quotations: int  # of them proved at the place in an original that they cite
    unproved: tuple[Unproved, ...]

    def told(self, most: int = 20) -> list[str]:
        """The failures for a run's closing account: the first ones, and how to see the rest."""
        told = [failure.sentence() for failure in self.unproved[:most]]
        more = len(self.unproved) - most
        return [*told, f"另有 {more} 处没有在原件里证实：全部见 shuangchuang verify。"] if more > 0 else told

    def lines(self) -> list[str]:
        """The account for the screen: each failure, then the figures."""
        told = [failure.sentence() for failure in self.unproved]
        looked = f"核对 {self.documents} 份文档、{self.statements} 处文字和数字，其中 {self.quotations} 处引用"
        return [*told, looked + (f"；{len(told)} 处未证实。" if told else "，全部在原件的所注位置查到。")]

    def as_json(self) -> dict[str, Any]:
        """The form of `verify --json`."""
        return {
            "documents": self.documents,
            "statements": self.statements,
            "quotations": self.quotations,
            "unproved": [failure.as_json() for failure in self.unproved],
        }


def _short(text: str, most: int = 90) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
