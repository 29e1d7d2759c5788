"""Writes small PDFs for the tests: Chinese text at any place, lines and pictures, and hostile ones.

Fonts are named, not embedded (STSong-Light with the UniGB-UCS2-H encoding that every PDF reader knows), so text
can be read back without any font file.
"""

import zlib
from dataclasses import dataclass, field

A4 = (595.0, 842.0)


@dataclass
class PdfPage:
    """One page under construction; places in points from the top left corner, as in the reader."""

    width: float = A4[0]
    height: float = A4[1]
    rotate: int = 0
    parts: list[str] = field(default_factory=list)
    image: tuple[int, int, bytes] | None = None  # width, height, RGB bytes: fills the page

    def text(self, x: float, top: float, text: str, size: float = 12) -> None:
        """One line; its characters stand between `top` and about `top` + `size`."""
        code = text.encode("utf-16-be").hex()
        self.parts.append(f"BT /F1 {size} Tf 1 0 0 1 {x:.2f} {self.height - top - 0.86 * size:.2f} Tm <{code}> Tj ET")

    def line(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self.parts.append(f"0.5 w {x0} {self.height - top} m {x1} {self.height - bottom} l S")

    def table(self, x: float, top: float, widths: list[float], rows: list[list[str]], high: float = 20) -> float:
        """A table with rules; returns its bottom. None of its cells is merged."""
        edges = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
        bottom = top + high * len(rows)
        for edge in edges:
            self.line(edge, top, edge, bottom)
        for index in range(len(rows) + 1):
            self.line(x, top + index * high, edges[-1], top + index * high)
        for index, row in enumerate(rows):
            for edge, cell in zip(edges, row, strict=False):
                if cell:
                    self.text(edge + 4, top + index * high + 4, cell, 10)
        return bottom


def write(pages: list[PdfPage], extra: str = "") -> bytes:
    """The pages as one PDF file."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append(
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
    )
    objects.append(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>"
    )
    objects.append(
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -120 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
    )
    streams: dict[int, bytes] = {}
    kids = []
    for page in pages:
        content = "\n".join(page.parts)
        resources = "/Font << /F1 3 0 R >>"
        if page.image:
            wide, high, pixels = page.image
            content = f"q {page.width} 0 0 {page.height} 0 0 cm /I0 Do Q\n" + content
            objects.append(
                f"<< /Type /XObject /Subtype /Image /Width {wide} /Height {high} /ColorSpace /DeviceRGB "
                f"/BitsPerComponent 8 /Filter /FlateDecode /Length LENGTH >>"
            )
            streams[len(objects)] = zlib.compress(pixels)
            resources += f" /XObject << /I0 {len(objects)} 0 R >>"
        objects.append("<< /Length LENGTH /Filter /FlateDecode >>")
        streams[len(objects)] = zlib.compress(content.encode("latin-1"))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Rotate {page.rotate} "
            f"/Resources << {resources} >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _file(objects, streams, extra)


def _file(objects: list[str], streams: dict[int, bytes], extra: str) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        stream = streams.get(number)
        out += f"{number} 0 obj\n".encode()
        if stream is None:
            out += body.encode("latin-1")
        else:
            out += body.replace("LENGTH", str(len(stream))).encode() + b"\nstream\n" + stream + b"\nendstream"
        out += b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {extra} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
