"""How well passages are filed, measured honestly: whole departments or whole styles are left out of the training.

python bench/mapping.py departments            each year-end department left out in turn, no heading given
python bench/mapping.py styles                 each style of writing left out in turn
python bench/mapping.py file GOLD.jsonl        passages that no example was taken from (label, also)
python bench/mapping.py guideline FILE GOLD    a guideline from its text alone: its codes in GOLD, no example of it
python bench/mapping.py indicators             a seventh of the indicators at a time reached from their text alone
python bench/mapping.py corpus INPUTS GOLD     files read and filed with their context; the examples of the
                                               departments in INPUTS are left out
python bench/mapping.py roles                  what passages say, kinds of writing left out
python bench/mapping.py speed                  passages a second, and the seconds of learning
python bench/mapping.py calibrate              measure on the shipped examples again: overwrites
                                               pipeline/data/mapping-calibration.json (after examples or figures changed)
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline import intake
from pipeline.mapping import examples as shipped
from pipeline.mapping import judge as judging
from pipeline.mapping import open_mapper
from pipeline.mapping.commands import evaluate
from pipeline.mapping.mapper import Mapper
from pipeline.mapping.report import Report, measure
from pipeline.model import Filing, Guideline, Indicator
from pipeline.read import read
from pipeline.settings import load_settings
from pipeline.workspace import open_workspace

_YEAR_END = "年终报送"


def reference_guideline() -> Guideline:
    """The guideline that the shipped labels mean."""
    return Guideline("", None, tuple(Indicator(r.code, 3, r.code[:3], r.text) for r in shipped.reference()))


def left_out(folds: Sequence[str]) -> Report:
    """Every fold filed by a mapper that never saw it."""
    everything = shipped.load_examples()
    gold: list[tuple[str, tuple[str, ...]]] = []
    filings: list[Filing] = []
    guideline, settings = reference_guideline(), load_settings()
    for fold in folds:
        judge = judging.learn(guideline, [e for e in everything if e.fold != fold])
        mapper = Mapper(guideline, settings, judge, {}, "")
        held = [e for e in everything if e.fold == fold]
        filings += mapper.classify_all([(e.text, "", "") for e in held])
        gold += [(e.label, e.also) for e in held]
    return measure(gold, filings)


def folds(year_end: bool) -> list[str]:
    """The year-end departments, or the other styles."""
    return sorted({e.fold for e in shipped.load_examples() if (e.style == _YEAR_END) == year_end})


def without_indicators(share: int = 7) -> Report:
    """Indicators in turns reached from their text alone: their examples teach nothing, not even as another code's."""
    everything = shipped.load_examples()
    codes = [r.code for r in shipped.reference()]
    gold: list[tuple[str, tuple[str, ...]]] = []
    filings: list[Filing] = []
    for turn in range(share):
        hidden = set(codes[turn::share])
        left = [r for r in shipped.reference() if r.code not in hidden]
        guideline = reference_guideline()
        judge = judging.learn(guideline, [e for e in everything if not hidden & {e.label, *e.also}], left)
        mapper = Mapper(guideline, load_settings(), judge, {}, "")
        held = [e for e in everything if e.label in hidden]
        filings += mapper.classify_all([(e.text, "", "") for e in held])
        gold += [(e.label, e.also) for e in held]
    return measure(gold, filings)


def corpus(workspace: Path, gold: Path) -> Report:
    """Read every file that the gold names, file its passages in context, and look each gold passage up by its text.
    Scanned pages are left out: recognising them takes minutes and is not what is measured here."""
    from pipeline import guideline as guidelines
    from pipeline.model import Document
    from pipeline.text import normal

    settings = load_settings()
    rows = [json.loads(line) for line in (gold / "passages.jsonl").read_text(encoding="utf-8").splitlines()]
    place = open_workspace(workspace)
    mapper = open_mapper(guidelines.find(place), settings, exclude_departments={row["department"] for row in rows})
    known: dict[str, list[tuple[str, Filing]]] = {}
    wanted_files = {row["source"] for row in rows}
    for source in intake.collect(place, settings):
        if source.path in wanted_files and source.status is None:
            document = read(source.path, source.kind, intake.load(place, source), settings)
            if isinstance(document, Document):
                filings = mapper.file(source.path, document)
                known[source.path] = [(normal(p.text), f) for p, f in zip(document.passages, filings, strict=True)]
    found = [(row, _lookup(known.get(row["source"], []), normal(row.get("written") or row["text"]))) for row in rows]
    print(f"找到 {sum(f is not None for _, f in found)} / {len(rows)} 段")
    kept = [(row, filing) for row, filing in found if filing is not None]
    return measure([(row["label"], tuple(row["also"])) for row, _ in kept], [filing for _, filing in kept])


def _lookup(known: Sequence[tuple[str, Filing]], text: str) -> Filing | None:
    hits = [filing for words, filing in known if text in words or (len(words) > 20 and words in text)]
    return hits[0] if hits else None


def speed() -> str:
    """Passages a second on one mapper, learning not counted."""
    begin = time.perf_counter()
    mapper = open_mapper(reference_guideline(), load_settings())
    rows = [(e.text, "", "") for e in shipped.load_examples()]
    start = time.perf_counter()
    mapper.classify_all(rows)
    return f"学习{start - begin:.1f}秒，{len(rows) / (time.perf_counter() - start):.0f} 段/秒"


def roles() -> list[str]:
    """Recall and precision of every role, kinds of writing left out; the patterns' weights are added as in use."""
    from pipeline.mapping import roles as telling

    examples = telling.shipped()
    scores = telling.learn(examples)[1]
    given = [
        telling.judge(text, (), role not in ("other", "profile"), row).role
        for (_, role, text), row in zip(examples, scores, strict=True)
    ]
    right = [g == role for g, (_, role, _) in zip(given, examples, strict=True)]
    lines = [f"{len(examples)}段，正确{sum(right) / len(right):.3f}"]
    for role in telling.ROLES:
        wanted = [ok for ok, (_, r, _) in zip(right, examples, strict=True) if r == role]
        said = [ok for ok, g in zip(right, given, strict=True) if g == role]
        lines.append(f"  {role}: 召回{sum(wanted) / len(wanted):.2f} 精确{sum(said) / max(len(said), 1):.2f}")
    return lines


def calibrate() -> str:
    """Measure how sure the scores are, out of fold, and write it beside the other data."""
    from importlib import resources

    from pipeline.mapping import calibrate as calibrating

    examples = shipped.load_examples()
    found = judging.lesson(reference_guideline(), examples).judge.calibration
    target = Path(str(resources.files("pipeline"))) / "data" / "mapping-calibration.json"
    target.write_text(calibrating.as_json(found, judging.fingerprint_of(examples)), encoding="utf-8")
    return f"写入{target.name}"


def _show(title: str, report: Report) -> None:
    print(f"== {title}")
    print("\n".join(report.lines()))


_WHAT = ["departments", "styles", "file", "guideline", "indicators", "corpus", "roles", "speed", "calibrate"]


def main() -> None:
    """One measurement a call."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=_WHAT)
    parser.add_argument("paths", nargs="*", type=Path)
    options = parser.parse_args()
    if options.what in ("departments", "styles"):
        _show(options.what, left_out(folds(options.what == "departments")))
    elif options.what == "file":
        _show(str(options.paths[0]), evaluate(options.paths[0], open_mapper(reference_guideline(), load_settings())))
    elif options.what == "guideline":
        from pipeline import guideline as guidelines

        mapper = open_mapper(guidelines.load(options.paths[0]), load_settings())
        _show(str(options.paths[1]), evaluate(options.paths[1], mapper))
    elif options.what == "indicators":
        _show("indicators", without_indicators())
    elif options.what == "corpus":
        _show("corpus", corpus(options.paths[0], options.paths[1]))
    elif options.what == "roles":
        print("\n".join(roles()))
    elif options.what == "calibrate":
        print(calibrate())
    else:
        print(speed())


if __name__ == "__main__":
    main()
