"""Proof: the finished documents against the originals, which are opened again.

What is proved of a run, and by what:

- a quotation (it carries a 佐证号, or file and place) stands, clause by clause, in a passage of that file at that place;
- the catalogue ties each 佐证号 to the right file and places;
- a counted figure, a score, a date equals what counting and scoring give over the passages as they are read now, and
  each event counted stands with its date in the passages that carry it;
- whatever else is printed is the guideline's, a reviewer's recorded words or a frame with those figures in it;
- evidence.jsonl and scores.json say the same.

Only where a passage was filed is taken from evidence.jsonl, for that is a judgement and no fact; what it says, where it
stands and when is read from the originals. `prove.prove_all` opens everything again,
`prove.prove_changed` what no kept proof covers.
"""
