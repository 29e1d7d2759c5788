"""From raw blocks to passages: what a clerk would file as one thing, each with its place and its headings."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline import privacy
from pipeline.model import Passage
from pipeline.read.block import Block
from pipeline.text import fold


def masked(block: Block, kinds: Sequence[str]) -> Block:
    """The block with personal data masked; no character is added or lost."""
    return replace(block, text=privacy.mask(block.text, kinds))


def title_of(blocks: Sequence[Block]) -> str:
    """The document's title: what the format says, else nothing."""
    return next((fold(block.text) for block in blocks if block.title), "")


def passages(blocks: Sequence[Block]) -> tuple[Passage, ...]:
    """The passages of one document, in reading order."""
    return tuple(
        Passage(fold(b.text), b.locator, b.kind, b.columns, b.under, b.hidden, b.ocr) for b in blocks if fold(b.text)
    )
