"""Makes the word list of the mapping: words that at least two shipped examples hold, cut by jieba (MIT, PyPI).

Run again when examples were added; jieba is needed here alone, never by the program:

    pip install jieba && python bench/mapping_words.py
"""

import re
from collections import Counter
from importlib import resources
from pathlib import Path

import jieba  # type: ignore[import-untyped]  # has no types, and only this script needs it

from pipeline.mapping.examples import load_examples, reference
from pipeline.mapping.features import canonical

_LEAST = 2  # examples that hold the word: one alone teaches nothing about another
_WORD = re.compile(r"[\u4e00-\u9fff]{2,6}")


def main() -> None:
    """Overwrites pipeline/data/mapping-words.txt."""
    texts = [canonical(text) for text in (*(e.text for e in load_examples()), *(r.text for r in reference()))]
    found = Counter(word for text in texts for word in set(jieba.cut(text)) if _WORD.fullmatch(word))
    words = sorted(word for word, count in found.items() if count >= _LEAST)
    target = Path(str(resources.files("pipeline"))) / "data" / "mapping-words.txt"
    target.write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
