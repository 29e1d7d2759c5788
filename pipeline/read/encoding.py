"""Bytes of a plain text as characters: UTF-8, UTF-16 or GB18030, by marks and by what decodes."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE = 65536


def decode(data: bytes) -> tuple[str, bool]:
    """The text, and whether every byte could be decoded; what could not stands as �."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\0" in data[:_SAMPLE]:
        even, odd = data[0:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
        return _decoded(data, "utf-16-le" if odd > even else "utf-16-be")
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError as error:
        # a UTF-8 file with one bad byte far behind valid Chinese is still UTF-8; GBK fails within a few characters
        valid = data[: error.start]
        if error.start > 512 and not valid.isascii():
            return data.decode("utf-8", "replace"), False
    return _decoded(data, "gb18030")


def _decoded(data: bytes, encoding: str) -> tuple[str, bool]:
    text = data.decode(encoding, "replace")
    return text, "\ufffd" not in text
