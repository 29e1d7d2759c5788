"""Who is 书记 and who is 院长: from the roster, the title columns of the ledgers, and the words before a name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.facts.data import tables
from pipeline.model import DepartmentInfo

SECRETARY, DEAN = "书记", "院长"
LEADERS = (SECRETARY, DEAN)
_AFTER_NAME = "于以为在走给代讲作做主带到向和、，。；：与同亲深围结面就对登再先还从（("
_NAME = re.compile(rf"([\u4e00-\u9fff]{{2,4}}?)(?=[{_AFTER_NAME}\s]|$)")
_LEAD = re.compile(r"^.*(?:[日在由]|会议|会上|大会|组织|指导|督促|所在|下午|上午|年|月)(?!支)(?=.{4})")
_NO_NAME = re.compile(
    r"各|每|该|本|向|到|所在|联系|召开|列席|全年|全部|部分|两个|\d个|[一二三四五六七八九十]个|所属|有关|先进|软弱"
)
_IN_PLACE_OF = "代替|代为|(?<![时当现年古后前历世近])代(?!表|讲|课|授|会|理|办|码|化|际)|顶替|替(?!代)|受"
_STOOD_IN = re.compile(r"[（(]\s*(?:代|替|代替)[^）)]*[)）]")
_BY_ANOTHER = re.compile(
    r"(?:改?由|请)[^，。；]{2,16}?(?:代讲|代课|代授|代为|代上|替讲|顶替|代替)|改由[^，。；]{2,16}?(?:主讲|讲|授课|承担|上课)"
)
_BRANCH = re.compile(r"((?:[\u4e00-\u9fffA-Za-z0-9（）]{1,14}?)(?:党支部|第[一二三四五六七八九十]+支部|支部))")


@dataclass(frozen=True, slots=True)
class People:
    """The names known to be 书记 or 院长 of this department."""

    names: dict[str, str]  # name -> 书记 or 院长

    def by_office(self, office: str) -> tuple[str, ...]:
        """Whose office a title is: 党总支书记 -> 书记; 副院长, 支部书记, 教师 -> nobody's."""
        return tuple(role for role, form in _forms().items() if form.search(office))

    def by_name(self, cell: str) -> tuple[str, ...]:
        """Whose name a cell holds; in 梁晨（代唐文彬） it is 梁晨 who spoke."""
        own = _STOOD_IN.sub("", cell)
        return tuple(dict.fromkeys(role for name, role in self.names.items() if name and name in own))

    def in_prose(self, text: str) -> tuple[tuple[int, str], ...]:
        """Every place in a text that names 书记 or 院长, by office or by name."""
        places = [(m.start(), role) for role, form in _forms().items() for m in form.finditer(text)]
        both = re.compile(tables()["leaders"]["both"])
        places += [(m.start(), role) for m in both.finditer(text) for role in LEADERS]
        for name, role in self.names.items():
            places += [
                (m.start(), role) for m in re.finditer(re.escape(name), text) if not _other_office(text, m.start())
            ]
        return tuple(sorted(p for p in set(places) if not self._replaced(text, p[0])))

    def _replaced(self, text: str, at: int) -> bool:
        """Whether the person named there was stood in for: 韩梅代钱启明书记讲, 思政课由副书记梁晨代讲."""
        near = _sentence_start(text, at)
        if re.search(rf"(?:{_IN_PLACE_OF})[^，。；]{{0,8}}$", text[near:at]):
            return True
        stand_in = _BY_ANOTHER.search(text, at)
        return stand_in is not None and not re.search(r"[。；;！？\n]|\d日", text[at : stand_in.start()])


def people_of(info: DepartmentInfo, offices: Iterable[tuple[str, str]], texts: Sequence[str]) -> People:
    """`offices`: (name, title) pairs from the ledgers' columns. The roster wins, then the ledgers, then prose."""
    names: dict[str, str] = {}
    for role, given in ((SECRETARY, info.secretary), (DEAN, info.dean)):
        if given.strip():
            names[given.strip()] = role
    people = People(names)
    for name, title in offices:
        roles = people.by_office(title)
        if len(roles) == 1 and re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", name):
            names.setdefault(name, roles[0])
    for text in texts:
        for role, form in _forms().items():
            for match in form.finditer(text):
                after = _NAME.match(text, match.end())
                if after and _is_name(after[1]):
                    names.setdefault(after[1], role)
    return people


def branch_in(text: str) -> str:
    """The branch that a text names first (教工第一党支部), or "" where it names none (各支部, 到支部)."""
    for match in _BRANCH.finditer(text):
        name = _LEAD.sub("", match[1])
        if len(name.removesuffix("支部").removesuffix("党")) >= 2 and not _NO_NAME.search(name):
            return name
    return ""


def _is_name(text: str) -> bool:
    return (
        len(text) in (2, 3, 4)
        and text[0] in tables()["people"]["surnames"]
        and not re.search(r"[讲党课为带头主]", text)
    )


def _other_office(text: str, at: int) -> bool:
    """A name introduced by another office (副书记王某) is that person in the other office; none of ours."""
    return re.search(r"(?:副书记|副院长|支部书记|院长助理|教师|老师|同学)$", text[:at]) is not None


def _sentence_start(text: str, at: int) -> int:
    return max(text.rfind(mark, 0, at) for mark in "。；;！？\n") + 1


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    leaders = tables()["leaders"]
    return {role: re.compile(leaders[role]) for role in LEADERS}
