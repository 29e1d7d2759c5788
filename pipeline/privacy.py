"""Masking of personal data, and the marks of state secrets. Everything the program writes went through `mask` first.

`mask` never changes the length of a text: each hidden character becomes one asterisk, so places and the ledger of
characters stay true. Kept are of identity numbers 6+4 characters, of mobile numbers 3+4, of landlines the area code
and 4, of bank accounts 6+4, of addresses what stands down to the district, of e-mail the first letter and the domain
(DOMAIN part 6: the form that colleges publish).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

SENSITIVE = "sensitive"
KINDS = ("identity", "mobile", "landline", "bank", "address", "email")
CHINESE = {
    "identity": "身份证号",
    "mobile": "手机号",
    "landline": "固定电话",
    "bank": "银行账号",
    "address": "住址",
    "email": "电子邮箱",
    SENSITIVE: "人员名单中的民族、宗教信仰和健康状况",
}

_D = "[0-9０-９]"
_GAP = r"[ \u00a0\u2009\u3000\-‐-―－]"  # how people group digits
_FREE = r"(?<![0-9０-９A-Za-zＡ-Ｚａ-ｚ.．*])"
_END = r"(?![0-9０-９A-Za-zＡ-Ｚａ-ｚ])"
_NAMED = r"(?:号码|账号|编号|号|码)?(?:[(（][^()（）|]{1,8}[)）])?(?:为|是|至)?[\s:：|]{0,5}"  # between a name and its number


def mask(text: str, kinds: Sequence[str] = KINDS) -> str:
    """Personal data of these kinds replaced by asterisks, the rest as it stands."""
    if not _MAYBE.search(text):
        return text
    for kind in KINDS:  # in this order: an identity number must be gone before bank accounts are looked for
        if kind in kinds and _WORTH[kind].search(text):
            for pattern, replacement in _RULES[kind]:
                text = pattern.sub(replacement, text)
    return text


def mask_cell(column: str, text: str, kinds: Sequence[str] = KINDS) -> str:
    """A table cell masked; a column that names a kind (身份证号, 联系电话 …) is believed even where the value is odd."""
    text = mask(text, kinds)
    for kind in column_kinds(column):
        if kind in kinds and (kind != "address" or _HOME_COLUMN.search(column) or _POSTAL.search(text)):
            text = _WHOLE[kind](text)
    return text


@lru_cache(maxsize=1024)  # a file has few different columns and many rows
def column_kinds(column: str) -> tuple[str, ...]:
    """The kinds of personal data that a column's name announces."""
    return tuple(kind for kind in KINDS if _COLUMNS[kind].search(column))


def masked_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """The Chinese names of the kinds that are masked, for the note in the outputs."""
    return tuple(CHINESE[kind] for kind in (*KINDS, SENSITIVE) if kind in kinds)


def withheld_columns(columns: Sequence[str], kinds: Sequence[str] = (*KINDS, SENSITIVE)) -> tuple[int, ...]:
    """Which columns of a table of persons must not be repeated: ethnicity, religion, health (PIPL article 28).

    A table that names no persons (党员数 by 民族) is statistics and stays as it is.
    """
    return _withheld(tuple(columns)) if SENSITIVE in kinds else ()


@lru_cache(maxsize=256)
def _withheld(columns: tuple[str, ...]) -> tuple[int, ...]:
    if not any(_PERSON.search(name) for name in columns):
        return ()
    return tuple(i for i, name in enumerate(columns) if _SENSITIVE.search(name))


def identity_number_valid(number: str) -> bool:
    """Whether 18 characters are an identity number by their checksum (GB 11643-1999)."""
    if len(number) != 18 or not number[:17].isdecimal():
        return False
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def card_number_valid(number: str) -> bool:
    """Whether digits are a bank card's number by their checksum (ISO/IEC 7812-1, Luhn)."""
    doubled = (d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(map(int, reversed(number))))
    return len(number) > 1 and sum(doubled) % 10 == 0


_STREET = "路|街|大道|巷|弄|胡同|村|屯|小区|社区|花园|苑|新村|家园|公寓|宿舍"
_POSTAL = re.compile(
    rf"(?:{_STREET})[^，。；;|]{{0,20}}?[0-9０-９]+\s*(?:号|弄|栋|幢|单元|室|户|组)"
    rf"|(?:省|自治区|市|县|旗|(?<![校园厂景])区)[^，。；;|]{{0,20}}?(?:{_STREET}|镇|乡)"
)
_DISTRICT = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区))?(?:[\u4e00-\u9fff]{1,8}?[市州盟])?"
    r"(?:[\u4e00-\u9fff]{1,8}?(?:(?<![小校园社厂景])区|县|旗))?"
)
_NEXT_FIELD = re.compile(r"\s+(?=[\u4e00-\u9fff]{2,6}[:：]|电话|传真|手机|邮编|邮箱|联系|网址|微信|QQ)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _keep(text: str, first: int, last: int) -> str:
    """Letters and digits starred but for the first and last so many; what stands between them stays."""
    at = [i for i, c in enumerate(text) if c.isalnum()]
    hidden = set(at[first : max(first, len(at) - last)])
    return "".join("*" if i in hidden else c for i, c in enumerate(text))


def _plain(text: str) -> str:
    """Half-width digits (and X) alone."""
    return "".join(str(int(c)) if c.isdecimal() else "X" for c in text if c.isalnum())


def _identity(match: re.Match[str]) -> str:
    return _keep(match[0], 6, 4) if identity_number_valid(_plain(match[0])) else match[0]


def _card(match: re.Match[str]) -> str:
    return _keep(match[0], 6, 4) if card_number_valid(_plain(match[0])) else match[0]


def _second(first: int, last: int) -> Callable[[re.Match[str]], str]:
    """A replacement that leaves group 1 (the words that name the number) and masks group 2."""
    return lambda match: match[1] + _keep(match[2], first, last)


def _whole(first: int, last: int) -> Callable[[str], str]:
    return lambda text: _keep(text, first, last) if "*" not in text and re.search(rf"{_D}{{5}}", text) else text


def _address_rest(text: str) -> str:
    """What stands below the district, starred; an address that names no district is starred from its third character."""
    district = _DISTRICT.match(text)
    kept = district.end() if district and 0 < district.end() < len(text) else 2
    return text[:kept] + "".join("*" if c.isalnum() else c for c in text[kept:])


def _home(text: str, certain: bool = True) -> str:
    """An address masked up to the next field of a form (地址：… 电话：…); one that is only called 地址 where it is postal.

    博学楼B座304室 is an office on the campus, no person's home.
    """
    end = _NEXT_FIELD.search(text)
    own, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
    return (_address_rest(own) if certain or _POSTAL.search(own) else own) + rest


def _landline(match: re.Match[str]) -> str:
    return match["area"] + _keep(match["number"], 0, 4) + (match["extension"] or "")


def _email(match: re.Match[str]) -> str:
    return match[1][0] + "*" * (len(match[1]) - 1) + match[2]


_RULES: Mapping[str, tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = {
    "identity": (
        (
            re.compile(rf"{_FREE}{_D}{{6}}{_GAP}?{_D}{{4}}{_GAP}?{_D}{{4}}{_GAP}?{_D}{{3}}[0-9０-９XxＸｘ]{_END}"),
            _identity,
        ),
        (re.compile(rf"((?:身份证|公民身份|证件){_NAMED})({_D}{{15,17}}[0-9０-９XxＸｘ]?){_END}"), _second(6, 4)),
    ),
    "mobile": (
        (
            re.compile(
                rf"(?<![0-9０-９A-Za-z.．*])((?:[+＋]?86{_GAP}?)?)([1１][3-9３-９]{_D}{_GAP}?{_D}{{4}}{_GAP}?{_D}{{4}}){_END}"
            ),
            _second(3, 4),
        ),
        (re.compile(rf"((?:手机|移动电话){_NAMED})({_D}{{11}}){_END}"), _second(3, 4)),
    ),
    "landline": (
        (
            re.compile(
                rf"{_FREE}(?P<area>[(（]?[0０](?:10|2\d|[3-9]\d\d)[)）]?{_GAP}?)(?P<number>[2-9]{_D}{{2,3}}{_GAP}?{_D}{{4}})"
                rf"(?P<extension>(?:{_GAP}|转){_D}{{1,5}})?{_END}"
            ),
            _landline,
        ),
        (
            re.compile(rf"((?:电话|传真|座机|联系方式|办电|宅电){_NAMED})([2-9]{_D}{{2,3}}{_GAP}?{_D}{{4}}){_END}"),
            _second(0, 4),
        ),
    ),
    "bank": (
        (re.compile(rf"{_FREE}[1-9](?:{_GAP}?{_D}){{15,18}}{_END}"), _card),
        (
            re.compile(rf"((?:银行账?户?|账|帐|卡|存折|开户行)(?:户)?{_NAMED})((?:{_D}{_GAP}?){{11,29}}{_D}){_END}"),
            _second(6, 4),
        ),
    ),
    "address": (
        (
            re.compile(
                r"((?:(?:家庭|居住|户籍|现居|收件|邮寄|常住|户口|身份证)(?:住址|地址|住所)|住址|住所|户籍地)(?:为|是)?[:：|\s]{1,4})"
                r"([\u4e00-\u9fff][^，。；;|\n\t]{3,60})"
            ),
            lambda match: match[1] + _home(match[2]),
        ),
        (
            re.compile(
                r"((?<![办公学校单位会议活动网站链接])(?:通[讯信]|联系|详细)?地址(?:为|是)?[:：|\s]{1,4})"
                r"([\u4e00-\u9fff][^，。；;|\n\t]{3,60})"
            ),
            lambda match: match[1] + _home(match[2], certain=False),
        ),
        (
            re.compile(r"((?:家住|现住|居住在|住在|住))([\u4e00-\u9fff][^，。；;|\n\t]{2,40}\d+\s*(?:室|号|户|房))"),
            lambda match: match[1] + _address_rest(match[2]),
        ),
        (
            re.compile(
                r"()([\u4e00-\u9fff]{2,24}(?:路|街|大道|巷|弄|胡同|小区|花园|苑|新村|家园|公寓|村|宿舍)\s*\d+\s*"
                r"(?:号楼|号院|号|弄|栋|幢|座|组)[^，。；;|\n\t]{0,16}?\d+\s*(?:室|户))"
            ),
            lambda match: _address_rest(match[2]),
        ),
    ),
    "email": (
        (
            re.compile(r"([A-Za-z0-9][A-Za-z0-9._%+\-]{0,63})([@＠][A-Za-z0-9][A-Za-z0-9\-]*(?:\.[A-Za-z0-9\-]+)*)"),
            _email,
        ),
    ),
}
# a text without this holds nothing of the kind: most paragraphs are let through by one look
_NUMBER = re.compile(rf"{_D}(?:{_GAP}?{_D}){{6}}|[(（]0\d{{2,3}}[)）]")
_MAYBE = re.compile(  # one class first and a look back after it: a third of the time that so many alternatives take
    rf"[\d(（@＠址住户](?:(?<={_D})(?:{_GAP}?{_D}){{6}}|(?<=[(（])0\d{{2,3}}[)）]|(?<=\d)\s*[室户]|(?<=[@＠址住])|(?<=户)籍)"
)
_WORTH = {
    "identity": _NUMBER,
    "mobile": _NUMBER,
    "landline": _NUMBER,
    "bank": _NUMBER,
    "address": re.compile(r"址|住|户籍|\d\s*[室户]"),
    "email": re.compile("[@＠]"),
}
_COLUMNS = {
    "identity": re.compile(r"身份证|公民身份|证件号"),
    "mobile": re.compile(r"手机|移动电话|联系电话|联系方式|^电话"),
    "landline": re.compile(r"座机|固定电话|办公电话|宅电"),
    "bank": re.compile(r"银行卡|银行账|卡号|账号|帐号"),
    "address": re.compile(r"住址|(?<![办公学校单位会议活动网站])地址|户籍所在"),
    "email": re.compile(r"(?!)"),  # an address is known by its @ alone
}
_HOME_COLUMN = re.compile("住址|家庭|居住|户籍")  # another column of addresses may hold rooms
_WHOLE: Mapping[str, Callable[[str], str]] = {
    "identity": _whole(6, 4),
    "mobile": _whole(3, 4),
    "landline": _whole(0, 4),
    "bank": _whole(6, 4),
    "address": lambda text: _address_rest(text) if len(text) > 5 and "*" not in text else text,
    "email": lambda text: text,
}

_PERSON = re.compile(r"姓\s*名|^(?:党员|学生|教师|人员|同志)$|名单")
_SENSITIVE = re.compile(r"^(?:民\s*族|族别)|宗教|信仰|健康|病史|疾病|残疾|心理状况|诊断")

# ---------------------------------------------------------------- 密级

_LEVEL = r"(绝\s*密|机\s*密|秘\s*密)"
_STAR = r"\s*[★☆✩✪✭⭐*＊]\s*"
_TERM = r"(?:长\s*期|[0-9０-９一二三四五六七八九十]{1,3}\s*(?:年|个月|月|天|日))"
_STARRED = re.compile(rf"{_LEVEL}{_STAR}{_TERM}?(?!\s*(?:级|字样|标[志识]))")
_ALONE = re.compile(rf"[【〔\[(（《“\s]*{_LEVEL}[】〕\])）》”\s]*(?:{_TERM})?")
_DECLARED = re.compile(
    rf"(?:文件|秘密|涉密|保密)?\s*(?:密\s*级|等级)\s*[:：]\s*{_LEVEL}(?:{_STAR})?\s*{_TERM}?(?=$|[\s|，。；、])"
)
_TICKED = re.compile(rf"密\s*级\s*[:：].*[☑☒■√✓✔]\s*{_LEVEL}")
_ANY_LEVEL = re.compile("绝密|机密|秘密")
_PROSE = re.compile("[，。；、“”‘’？！]")
_LINE_LIMIT = (
    40  # characters: a mark shares its line with a serial number, an urgency or a masthead, never with a sentence
)


def secrecy_mark(header_lines: Iterable[str]) -> str | None:
    """The 密级 that a document carries as a document does (GB/T 9704: top left, 密级★期限), e.g. 机密; else None.

    `header_lines`: the page headers and the first lines or table rows (cells joined by ` | `). Words in a sentence
    (保密教育, “机密”文件的管理), and a form's choice between levels, are no mark.
    """
    for line in header_lines:
        if "密" in line:
            level = _mark_of(" ".join(line.split()))
            if level is not None:
                return "".join(level.split())
    return None


def _mark_of(line: str) -> str | None:
    cells = [cell.strip() for cell in line.split("|")]
    ticked = _TICKED.search(line)
    if ticked is not None:
        return ticked[1]
    if len(set(_ANY_LEVEL.findall(line))) > 1:
        return None
    for i, cell in enumerate(cells):
        declared = _DECLARED.match(cell)
        if declared is not None:
            return declared[1]
        alone = _ALONE.fullmatch(cell)
        if alone is not None and (
            len(cells) == 1 or re.fullmatch(r"(?:文件)?密\s*级\s*[:：]?", cells[i - 1] if i else "")
        ):
            return alone[1]
        starred = _STARRED.search(cell)
        if starred is not None and (starred.start() == 0 or (len(cell) <= _LINE_LIMIT and not _PROSE.search(cell))):
            return starred[1]
    return None
