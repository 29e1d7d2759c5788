"""Words out of the n-grams that moved a score."""

import numpy as np


def words_of(pieces: list[tuple[str, float]], text: str, most: int) -> list[str]:
    """Character n-grams that overlap in the text, joined into words; each word weighs what its characters do."""
    heat = np.zeros(len(text))
    for piece, weight in pieces:
        start = text.find(piece)
        while start >= 0:
            heat[start : start + len(piece)] += weight / len(piece)
            start = text.find(piece, start + 1)
    limit = float(heat.max(initial=0.0)) * 0.35
    words: dict[str, float] = {}
    start = 0
    for place in range(len(text) + 1):
        if place < len(text) and heat[place] > limit > 0:
            continue
        if place - start >= 2:
            word = text[start:place]
            words[word] = max(words.get(word, 0.0), float(heat[start:place].sum()))
        start = place + 1
    return sorted(words, key=lambda word: (-words[word], word))[:most]
