"""Masking of personal data, and the marks of state secrets. Everything the program writes went through `mask` first."""

import re

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})(\d{8}\d{3}[\dXx])(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number_valid(number: str) -> bool:
    """Whether 18 characters are an identity number by their checksum (GB 11643-1999)."""
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def mask(text: str) -> str:
    """Personal data replaced by asterisks, the rest as it stands."""
    return _IDENTITY.sub(
        lambda m: m[1] + "*" * 8 + m[2][-4:] if identity_number_valid(m[0]) else m[0], text
    )
