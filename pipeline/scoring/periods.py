"""Months, quarters, terms, years: which period a day belongs to, and what a clerk calls it.

A term is Feb to Jul (春季学期) or Aug to Jan (秋季学期), as the contract says: January belongs to the autumn before.
"""

from collections.abc import Collection

from pipeline.model import Period


def periods_of(period: Period, year: int, exempt: Collection[int] = ()) -> dict[str, str]:
    """The periods of one year as {key: Chinese name}, without those whose months are all exempt."""
    return {key: name for key, (name, months) in _table(period, year).items() if not set(months) <= set(exempt)}


def period_of(iso: str, period: Period, year: int) -> str | None:
    """The key of the period of `year` that a date belongs to; None where it is of another year."""
    own, month = int(iso[:4]), int(iso[5:7])
    if period == "term":
        first = own if month >= 2 else own - 1
        return None if first != year else f"{year}春" if 2 <= month <= 7 else f"{year}秋"
    if period == "two_years":
        return str(year) if own in (year - 1, year) else None
    if own != year:
        return None
    return next(key for key, (_name, months) in _table(period, year).items() if month in months)


def _table(period: Period, year: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    months = tuple(range(1, 13))
    if period == "month":
        return {f"{year}-{m:02d}": (f"{m}月", (m,)) for m in months}
    if period == "two_months":
        return {f"{year}-{m:02d}": (f"{m}—{m + 1}月", (m, m + 1)) for m in months[::2]}
    if period == "quarter":
        return {f"{year}Q{q}": (f"第{'一二三四'[q - 1]}季度", months[3 * q - 3 : 3 * q]) for q in range(1, 5)}
    if period == "half_year":
        return {f"{year}上": ("上半年", months[:6]), f"{year}下": ("下半年", months[6:])}
    if period == "term":
        spring, autumn = tuple(range(2, 8)), (8, 9, 10, 11, 12, 1)
        return {f"{year}春": (f"{year}年春季学期", spring), f"{year}秋": (f"{year}年秋季学期", autumn)}
    if period == "two_years":
        return {str(year): (f"{year - 1}—{year}年", months)}
    return {str(year): (f"{year}年", months)}
