"""Personal data is masked to the published form and nothing else is; 密级 is found where documents carry it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy import (
    KINDS,
    SENSITIVE,
    card_number_valid,
    identity_number_valid,
    mask,
    mask_cell,
    secrecy_mark,
    withheld_columns,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("身份证11010519491231002X。", "身份证110105********002X。"),
        ("证号：110105 19491231 002x", "证号：110105 ******** 002x"),
        (
            "身份证号码为330106199001011234，",
            "身份证号码为330106********1234，",
        ),  # the checksum is wrong, the words are plain
        ("电话13812345678", "电话138****5678"),
        ("手机：138-1234-5678", "手机：138-****-5678"),
        ("联系人 +86 139 1234 5678", "联系人 +86 139 **** 5678"),
        ("办公电话0571-88886666转12", "办公电话0571-****6666转12"),
        ("电话：88886666", "电话：****6666"),
        ("(010)66661234", "(010)****1234"),
        ("卡号6222021234567890128", "卡号622202*********0128"),
        ("开户账号：33050161782700000123", "开户账号：330501**********0123"),
        ("邮箱zhang.san@hz.edu.cn", "邮箱z********@hz.edu.cn"),
        ("家庭住址：浙江省杭州市西湖区文三路90号3幢501室", "家庭住址：浙江省杭州市西湖区************"),
        ("他家住西湖区文三路90号3幢501室", "他家住西湖区************"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("通讯地址：大连市甘井子区红旗路15号 邮编：116035", "通讯地址：大连市甘井子区****** 邮编：116035"),
        ("地址：幸福小区3栋502室 电话请拨总机", "地址：幸福******** 电话请拨总机"),
    ],
)
def test_masks(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024年12月31日前完成，2024-12-31 12:30:45",
        "文号〔2024〕123456号",
        "流水号110105194912310021",  # 18 digits, no checksum, not called an identity number
        "经费12345678901.50元",
        "会议地点：行政楼302会议室",
        "地址：博学楼B座304室 传真请注明经办人姓名",
        "联系地址：西校区实训楼201室",
        "学校地址：大连市甘井子区红旗路15号",
        "党员发展编号20240101123456789012",
        "全年接待37批次、1900余人次",
        "微信公众号@学院党建",
        "版本1.2.3.4",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert mask(text) == text


def test_a_column_that_names_the_kind_is_believed() -> None:
    assert mask_cell("身份证号", "330106199001011234") == "330106********1234"
    assert mask_cell("联系电话", "88886666") == "888*6666"
    assert mask_cell("家庭住址", "西湖区文三路90号") == "西湖区******"
    assert mask_cell("党员数", "88886666") == "88886666"
    assert mask_cell("地址", "博学楼B座304室") == "博学楼B座304室"
    assert mask_cell("地址", "西湖区文三路90号") == "西湖区******"
    assert mask_cell("活动地址", "大连市甘井子区红旗路15号广场") == "大连市甘井子区红旗路15号广场"


def test_only_the_kinds_asked_for_are_masked() -> None:
    text = "电话13812345678，邮箱zs@hz.edu.cn"
    assert mask(text, ["email"]) == "电话13812345678，邮箱z*@hz.edu.cn"
    assert mask(text, []) == text


def test_ethnicity_religion_and_health_of_persons_are_withheld_but_statistics_are_not() -> None:
    assert withheld_columns(["序号", "姓名", "民族", "健康状况"]) == (2, 3)
    assert withheld_columns(["民族", "党员数"]) == ()
    assert withheld_columns(["姓名", "民族"], KINDS) == ()
    assert SENSITIVE not in KINDS


def test_checksums() -> None:
    assert identity_number_valid("11010519491231002X")
    assert not identity_number_valid("110105194912310021")
    assert not identity_number_valid("123")
    assert card_number_valid("6222021234567890128")
    assert not card_number_valid("6222021234567890127")


messy = st.text(alphabet="0123456789０１Xx -（）()@.省市区路号室住址电话账号身份证|：王", max_size=60)


@given(messy)
def test_masking_keeps_the_length_and_changes_nothing_but_to_asterisks(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(a == b or b == "*" for a, b in zip(text, masked, strict=True))
    assert mask(text, []) == text


@given(st.integers(0, 999), st.dates(), st.integers(0, 999), st.sampled_from(["", "号", "，", " ", "。"]))
def test_no_valid_identity_number_survives(area: int, birth: object, order: int, after: str) -> None:
    body = f"330{area:03d}{str(birth).replace('-', '')}{order:03d}"
    number = next(body + c for c in "0123456789X" if identity_number_valid(body + c))
    assert number not in mask(f"证件 {number}{after}")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("绝密★", "绝密"),
        ("机密★20年", "机密"),
        ("秘密★1年", "秘密"),
        ("秘密★长期", "秘密"),
        ("机密 ★", "机密"),
        ("机 密 ★ 5 年", "机密"),
        ("秘密☆6个月", "秘密"),
        ("000012 机密★1年 特急", "机密"),
        ("中共某学院委员会文件 机密★10年", "机密"),
        ("密级：机密", "机密"),
        ("密级: 秘密★3年", "秘密"),
        ("文件密级：绝密", "绝密"),
        ("密级 | 机密 | 编号 | 12", "机密"),
        ("【秘密】", "秘密"),
        ("秘密", "秘密"),
        ("密级：□公开 ☑秘密", "秘密"),
    ],
)
def test_marks_of_secrecy(line: str, level: str) -> None:
    assert secrecy_mark(["学院党总支", line]) == level


@pytest.mark.parametrize(
    "line",
    [
        "开展保密教育",
        "保守党的秘密，严守政治纪律",
        "机密文件按规定清退",
        "标注“机密★10年”字样的文件不得外传",
        "机密★级文件的管理办法",
        "绝密 | 机密 | 秘密",
        "密级：□绝密 □机密 □秘密",
        "密级：公开",
        "密级：秘密级以上文件须登记，不得复印",
        "商业秘密保护制度",
        "",
    ],
)
def test_words_of_secrecy_are_no_mark(line: str) -> None:
    assert secrecy_mark([line]) is None


def test_every_kind_has_a_name_for_the_note() -> None:
    from pipeline.privacy import masked_kinds

    assert len(masked_kinds(KINDS)) == len(KINDS)
    assert masked_kinds(["mobile"]) == ("手机号",)
