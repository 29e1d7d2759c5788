"""Terms of office: whether a branch is within its term at the end of the year (支部条例 21: three years)."""

from calendar import monthrange
from datetime import date

from pipeline.facts.registers import Branch


def in_term(branch: Branch, default_years: float, year: int) -> tuple[bool, str]:
    """Whether the branch's term covers the year's end and its last election came in time; if not, why, in Chinese.

    A month without a day counts to its end. An extension that was approved moves the limit by one year at most.
    """
    years = branch.years or default_years
    extra = 1 if branch.extended else 0
    elected = _last_day(branch.elected or "")
    if _after(elected, years, extra) < date(year, 12, 31):
        return False, f"{branch.name}{branch.elected}选举，任期{years:g}年，已经届满。"
    if branch.previous and _first_day(branch.elected or "") > _after(_last_day(branch.previous), years, extra):
        return False, f"{branch.name}上届{branch.previous}选举，本届到{branch.elected}才选举，逾期。"
    return True, ""


def _after(start: date, years: float, extra: int) -> date:
    months = round((years + extra) * 12)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _first_day(iso: str) -> date:
    return date.fromisoformat(iso if len(iso) == 10 else f"{iso}-01")


def _last_day(iso: str) -> date:
    if len(iso) == 10:
        return date.fromisoformat(iso)
    year, month = int(iso[:4]), int(iso[5:7])
    return date(year, month, monthrange(year, month)[1])
