"""The ledger of characters: what a file holds, what stands in passages, what was left out by name. It balances.

`Raw.total` comes from another route than the blocks, so a reader that drops text shows here: as 未能读出 in the
ledger and as a sentence in the notes, never as silence.
"""

from collections.abc import Sequence

from pipeline.model import Characters, Passage
from pipeline.read.block import Block, Raw
from pipeline.text import weight

LOST = "未能读出"


def balance(
    raw: Raw, blocks: Sequence[Block], passages: Sequence[Passage], repeated: int
) -> tuple[Characters, tuple[str, ...]]:
    """The balanced ledger, and the sentences that say so where characters were lost on the way.

    `repeated`: characters that stand in several pieces of a cut row.
    """
    captured = sum(weight(p.text) for p in passages) - sum(b.added for b in blocks) - repeated
    skipped = {name: n for name, n in sorted(raw.skipped.items()) if n}
    missing = raw.total - captured - sum(skipped.values())
    if missing == 0:
        return Characters(raw.total, captured, skipped), ()
    if missing < 0:  # the passages hold more than the file: the count of the file was short, the text is all there
        return Characters(captured + sum(skipped.values()), captured, skipped), ()
    skipped[LOST] = missing
    return Characters(raw.total, captured, skipped), (f"有{missing}个字符未能读出，请打开原件核对。",)
