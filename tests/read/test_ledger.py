"""Characters in a file = captured + left out by name, for whatever the file is made of."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Document, Locator
from pipeline.read import ledger, read
from pipeline.read.block import Block, Raw
from pipeline.read.segment import passages
from pipeline.settings import load_settings
from tests.read.docx_writer import docx, p, r, tbl, tc, tr

SETTINGS = load_settings()

text = st.text(alphabet="党员大会学习 一是二1（）。；|★", min_size=1, max_size=30)
run = st.one_of(
    text.map(r),
    text.map(lambda x: f"<w:ins>{r(x)}</w:ins>"),
    text.map(lambda x: f"<w:del><w:r><w:delText>{x}</w:delText></w:r></w:del>"),
    text.map(lambda x: r(x, "<w:vanish/>")),
    text.map(lambda x: f"<w:sdt><w:sdtContent>{r(x)}</w:sdtContent></w:sdt>"),
    st.just('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'),
    st.just("<w:r><w:tab/><w:br/></w:r>"),
)
paragraph = st.lists(run, max_size=4).map(lambda runs: p(*runs))
cell = st.tuples(
    st.lists(paragraph, min_size=1, max_size=3), st.sampled_from(["", '<w:vMerge w:val="restart"/>', "<w:vMerge/>"])
)
row = st.lists(cell.map(lambda c: tc(*c[0], properties=c[1])), min_size=1, max_size=4).map(lambda cells: tr(*cells))
table = st.lists(row, min_size=1, max_size=4).map(lambda rows: tbl(*rows))
body = st.lists(st.one_of(paragraph, table), max_size=6).map("".join)


@given(body)
@settings(max_examples=150, deadline=None)
def test_every_document_balances_and_loses_nothing(content: str) -> None:
    document = read("任意.docx", "docx", docx(content), SETTINGS)
    assert isinstance(document, Document)
    if document.marked is None:
        assert document.characters is not None
        assert ledger.LOST not in document.characters.skipped
        assert document.characters.file == document.characters.captured + sum(document.characters.skipped.values())


def test_what_a_reader_drops_is_told_not_hidden() -> None:
    blocks = (Block("留下的话。", Locator(paragraph=1)),)
    found, repeated = passages(blocks)
    characters, told = ledger.balance(Raw(blocks, total=9, skipped={"批注": 1}), blocks, found, repeated)
    assert (characters.file, characters.captured, characters.skipped) == (9, 5, {"批注": 1, ledger.LOST: 3})
    assert told and "3个字符" in told[0]
