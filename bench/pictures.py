"""Makes the pictures of the README and of 使用说明.docx anew, from what this version of the program itself writes.

    python -m bench.pictures [--only howto]

Runs the program on the sample inputs/ of the clone in a folder of its own, turns a summary, a scoring sheet and the
page into PNG files in docs/, and draws the three steps of 使用说明.docx into pipeline/data/start/. Needs LibreOffice,
pdftoppm, Chromium and a Chinese font on this machine; says which one is missing.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
START = ROOT / "pipeline" / "data" / "start"
COLOURS = 48  # a page of text and a table needs no more, and the file becomes a quarter
WIDTH = 1000  # pixels: as wide as a README is shown
INK, GREY, PAPER, RED, YELLOW, BLUE = "#1f2933", "#7b8794", "#ffffff", "#b3261e", "#f7c948", "#2b6cb0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["howto", "run"])
    only = parser.parse_args().only
    if only != "run":
        howto(_font())
    if only != "howto":
        of_a_run()


def of_a_run() -> None:
    """The pictures of a run's outputs."""
    soffice, pdftoppm = _program("soffice", "libreoffice"), _program("pdftoppm")
    chromium = _program("chromium", "chromium-browser", "google-chrome", "chrome")
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        shutil.copytree(ROOT / "inputs", home / "inputs")
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", "run", "--quiet", "--workspace", place], cwd=ROOT, check=False
        )
        if done.returncode != 0:
            sys.exit("the run over the sample inputs has findings: see above")
        outputs = next((home / "outputs").iterdir())
        department = sorted(p for p in outputs.iterdir() if p.is_dir() and not p.name.startswith("."))[0]
        for name, pattern in (("summary", "*总结.docx"), ("scores", "*评分表.docx"), ("checklist", "补充*.docx")):
            source = next(department.glob(pattern))
            command = [soffice, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless"]
            subprocess.run(
                [*command, "--convert-to", "pdf", "--outdir", place, str(source)], check=True, capture_output=True
            )
            pdf = home / f"{source.stem}.pdf"
            shot = home / name
            subprocess.run([pdftoppm, "-r", "110", "-png", "-singlefile", str(pdf), str(shot)], check=True)
            _save(Image.open(shot.with_suffix(".png")), DOCS / f"{name}.png")
        page = home / "page.png"
        command = [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--window-size=1280,900",
        ]
        url = (outputs / "index.html").as_uri()
        subprocess.run(
            [*command, f"--user-data-dir={home / 'chromium'}", f"--screenshot={page}", url],
            check=True,
            capture_output=True,
        )
        _save(Image.open(page), DOCS / "page.png")


def _save(image: Image.Image, path: Path) -> None:
    image = image.convert("RGB")
    if image.width > WIDTH:
        image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KiB")


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    sys.exit(f"missing outside program: {names[0]}")


def _font() -> str:
    listed = subprocess.run(
        [_program("fc-match"), "-f", "%{file}", "Noto Sans CJK SC:lang=zh-cn"],
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout


# ---------------------------------------------------------------- the three steps


def howto(font: str) -> None:
    """Draws step1.png to step3.png."""
    _Sketch(font).tree(
        (
            (0, "inputs", "folder", ""),
            (1, "guideline", "folder", "指南，只放一份"),
            (1, "submissions", "folder", "各单位报送的材料"),
            (2, "机电学院党总支", "folder", "一个单位一个文件夹"),
            (2, "化工学院党总支", "folder", ""),
            (1, "departments.xlsx", "sheet", "单位名单"),
            (1, "rubric.xlsx", "sheet", "评分办法，不改就用默认值"),
        )
    ).save(START / "step1.png")
    _Sketch(font).launcher().save(START / "step2.png")
    _Sketch(font).tree(
        (
            (0, "outputs / 2024", "folder", ""),
            (1, "index.html", "page", "① 先看这里：总览，点开就到出处"),
            (1, "审阅清单.xlsx", "sheet", "② 要人拿主意的地方"),
            (1, "机电学院党总支", "folder", ""),
            (2, "2024年度双创工作总结.docx", "word", "③ 总结"),
            (2, "2024年度双创评分表.xlsx", "sheet", "④ 评分表（Word、Excel 各一份）"),
            (2, "补充材料清单.docx", "word", "⑤ 发回单位补材料"),
            (1, "全校汇总.xlsx", "sheet", "⑥ 全校汇总（另有 Word）"),
        )
    ).save(START / "step3.png")


class _Sketch:
    """A small drawing of folders and files, twice the size it is shown at."""

    WIDE, ROW = 1200, 48

    def __init__(self, font: str) -> None:
        self._name, self._note = ImageFont.truetype(font, 27), ImageFont.truetype(font, 24)

    def tree(self, rows: Sequence[tuple[int, str, str, str]]) -> "_Sketch":
        self._begin(self.ROW * len(rows) + 24)
        for i, (depth, name, kind, note) in enumerate(rows):
            x, y = 24 + 56 * depth, 12 + self.ROW * i
            if depth:
                self._draw.line((x - 36, y - 6, x - 36, y + 22, x - 10, y + 22), fill=GREY, width=2)
            self._icon(x, y, kind)
            self._draw.text((x + 50, y + 3), name, font=self._name, fill=INK)
            self._draw.text((640, y + 5), note, font=self._note, fill=RED if note[:1] in "①②" else GREY)
        return self

    def launcher(self) -> "_Sketch":
        self._begin(190)
        self._draw.rounded_rectangle((430, 16, 760, 174), 12, outline=BLUE, width=3)
        self._gear(595, 68)
        self._draw.text((595, 140), "运行.bat", font=self._name, fill=INK, anchor="mm")
        self._draw.text((200, 125), "机电学院党总支", font=self._name, fill=INK, anchor="mm")
        self._icon(180, 60, "folder")
        self._arrow(320, 95, 415)
        self._draw.text((200, 165), "拖上去，或者……", font=self._note, fill=GREY, anchor="mm")
        self._draw.text((980, 75), "双击", font=self._name, fill=RED, anchor="mm")
        self._draw.text((980, 120), "等到出现“结果在 …”", font=self._note, fill=GREY, anchor="mm")
        self._arrow(870, 95, 775)
        return self

    def save(self, path: Path) -> None:
        self._image.quantize(16, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KiB")

    def _begin(self, height: int) -> None:
        self._image = Image.new("RGB", (self.WIDE, height), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._draw.rectangle((0, 0, self.WIDE - 1, height - 1), outline="#d9e2ec", width=2)

    def _icon(self, x: int, y: int, kind: str) -> None:
        if kind == "folder":
            self._draw.rectangle((x, y + 4, x + 18, y + 14), fill=YELLOW)
            self._draw.rounded_rectangle((x, y + 9, x + 40, y + 37), 4, fill=YELLOW)
            return
        letter, colour = {"word": ("W", BLUE), "sheet": ("X", "#2f855a"), "page": ("e", "#6b46c1")}[kind]
        self._draw.rounded_rectangle((x + 4, y + 2, x + 36, y + 40), 4, fill=colour)
        self._draw.text((x + 20, y + 20), letter, font=self._note, fill=PAPER, anchor="mm")

    def _gear(self, x: int, y: int) -> None:
        for angle in range(0, 360, 45):
            self._draw.pieslice((x - 44, y - 44, x + 44, y + 44), angle - 12, angle + 12, fill=GREY)
        self._draw.ellipse((x - 34, y - 34, x + 34, y + 34), fill=GREY)
        self._draw.ellipse((x - 13, y - 13, x + 13, y + 13), fill=PAPER)

    def _arrow(self, start: int, y: int, end: int) -> None:
        back = -16 if end > start else 16
        self._draw.line((start, y, end, y), fill=BLUE, width=5)
        self._draw.polygon(((end, y), (end + back, y - 10), (end + back, y + 10)), fill=BLUE)


if __name__ == "__main__":
    main()
