"""Invented reports for the digests that check templates and are looked at: one of every kind, in several languages and scripts.

Nobody in them lives or lived; the outlets and their addresses do not exist.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.model import (
    Age,
    Authority,
    Event,
    Informant,
    LegalBasis,
    Mention,
    Outcome,
    Persons,
    Place,
    Report,
    Stage,
    Value,
    Victim,
)
from cases.register import ChangeKind


class Story(Value, frozen=True, kw_only=True):
    """An article that tells one case; ``says`` is the sentence of its text that tells the stage."""

    lang: str
    outlet: str
    title: str
    text: str
    says: str
    report: Report


def _report(stage: Stage, **more: Any) -> Report:  # noqa: ANN401 - the fields of the report
    return Report(**({"mention": Mention.PRIMARY, "stage": stage, "from_state": "CN", "to_state": "KP"} | more))


STORIES = (
    Story(
        lang="en",
        outlet="Borderland Courier",
        title="Twelve moved to a border facility overnight",
        text="The twelve were moved on Tuesday from a farm near the river to a border facility that has held returnees before. "
        "Two officers told relatives that all twelve will be handed over to North Korea within days. Nobody outside has been "
        "allowed to see them, and no lawyer has been named.",
        says="Two officers told relatives that all twelve will be handed over to North Korea within days.",
        report=_report(
            Stage.IMMINENT,
            multiplicity="group",
            persons=Persons(min=12, max=12),
            victims=(Victim(label="V1", nationality="KP"),),
            events=(Event(type="arrest", start=date(2026, 11, 17), end=date(2026, 11, 17), precision="day"),),
            places=(Place(role="held", name="Yanbian", parents=("Jilin",), country="CN", level="prefecture"),),
            authorities=(Authority(name="Border guard", type="border_guard", country="CN"),),
            legal_bases=(LegalBasis(instrument="Convention against Torture", invoked_by="two lawyers"),),
            stated_reason="illegal entry",
        ),
    ),
    Story(
        lang="ru",
        outlet="Хроника Приморья",
        title="Строителю из КНДР грозит принудительное возвращение",
        text="Рабочий ушёл со стройки ещё весной и несколько месяцев прятался у знакомых. В начале ноября его задержали "
        "сотрудники миграционной службы, и теперь ему грозит принудительное возвращение в КНДР. Правозащитники просят не "
        "выдавать его.",
        says="В начале ноября его задержали сотрудники миграционной службы, и теперь ему грозит принудительное возвращение в КНДР.",
        report=_report(
            Stage.IN_CUSTODY_AT_RISK,
            from_state="RU",
            persons=Persons(min=1, max=1),
            victims=(Victim(label="V1", sex="male", age=Age(min=34, max=34), nationality="KP"),),
            events=(Event(type="arrest", start=date(2026, 11, 1), end=date(2026, 11, 10), precision="range"),),
            places=(Place(role="held", name="Primorsky", country="RU", level="province"),),
            authorities=(Authority(name="Migration service", type="immigration", country="RU"),),
            outcome=Outcome(value="detained", as_of=date(2026, 11, 18)),
        ),
    ),
    Story(
        lang="ko",
        outlet="두만강 통신",
        title="국경의 밤, 일가족 다섯 명 강제 북송",
        text="소식통은 지난달 중순 가족이 머물던 집에 공안이 들이닥쳤다고 전했다. 중국 공안은 어린아이 둘을 포함한 일가족 다섯 명을 붙잡아 "
        "이튿날 투먼 다리를 통해 강제로 북송했다. 그 뒤로 가족의 소식은 끊겼다고 이웃들은 말했다.",
        says="중국 공안은 어린아이 둘을 포함한 일가족 다섯 명을 붙잡아 이튿날 투먼 다리를 통해 강제로 북송했다.",
        report=_report(
            Stage.COMPLETED,
            multiplicity="family",
            persons=Persons(min=5, max=5),
            victims=(
                Victim(label="V1", sex="female", nationality="KP"),
                Victim(label="V2", sex="male", nationality="KP"),
                Victim(label="V3", minor=True, nationality="KP"),
            ),
            events=(Event(type="return", start=date(2026, 10, 1), end=date(2026, 10, 31), precision="month"),),
            places=(
                Place(role="arrest", name="Yanbian", parents=("Jilin",), country="CN", level="prefecture"),
                Place(role="destination", name="North Hamgyong", country="KP", level="province"),
            ),
            authorities=(Authority(name="Public security", type="public_security", country="CN"),),
            outcome=Outcome(value="fate_unknown", as_of=date(2026, 11, 19)),
            informants=(Informant(kind="witness"),),
        ),
    ),
    Story(
        lang="zh-Hans",
        outlet="鸭绿江观察",
        title="警察凌晨入村查证件，孕妇被遣返",
        text="据当地居民讲述，警察在凌晨进入村庄逐户检查证件。一名怀孕的朝鲜籍妇女当场被带走，几天后被强制遣返回朝鲜。"
        "她的家人至今没有收到任何通知，也不知道她被关押在哪里。",
        says="一名怀孕的朝鲜籍妇女当场被带走，几天后被强制遣返回朝鲜。",
        report=_report(
            Stage.COMPLETED,
            persons=Persons(min=1, max=1),
            victims=(Victim(label="V1", sex="female", nationality="KP"),),
            places=(Place(role="arrest", name="Liaoning", country="CN", level="province"),),
            authorities=(Authority(name="Police", type="police", country="CN"),),
        ),
    ),
    Story(
        lang="ar",
        outlet="أخبار المعبر",
        title="ترحيل عشرين شخصا رغم قرار المحكمة",
        text="وصلت الحافلات إلى المعبر قبل الفجر. رحّلت الشرطة عشرين شخصا قسرا إلى بلدهم رغم قرار المحكمة. ولم يسمح للمحامين بمقابلتهم.",
        says="رحّلت الشرطة عشرين شخصا قسرا إلى بلدهم رغم قرار المحكمة.",
        report=_report(
            Stage.COMPLETED,
            from_state="TR",
            to_state="SY",
            assertion="alleged",
            persons=Persons(min=20, max=20),
            events=(Event(type="return", start=date(2026, 11, 12), end=date(2026, 11, 12), precision="day"),),
        ),
    ),
    Story(
        lang="en",
        outlet="The Long Crossing",
        title="A death in the holding room",
        text="Neighbours say she had been told the evening before that the bus would leave at six. She took her own life in the "
        "holding room before she could be sent back. Her two children are with a family in the same town.",
        says="She took her own life in the holding room before she could be sent back.",
        report=_report(
            Stage.DEATH_BEFORE_RETURN,
            persons=Persons(min=1, max=1),
            victims=(Victim(label="V1", sex="female"),),
            outcome=Outcome(value="died", as_of=date(2026, 11, 1)),
        ),
    ),
    Story(
        lang="en",
        outlet="The Long Crossing",
        title="Night of buses: what two counts agree on",
        text="Activists who follow the border say that the operation began before dawn. About 600 people were returned through five "
        "crossings in a single night, according to two groups that count buses. Officials have not commented.",
        says="About 600 people were returned through five crossings in a single night, according to two groups that count buses.",
        report=_report(
            Stage.COMPLETED,
            multiplicity="mass",
            assertion="attributed",
            persons=Persons(min=600, max=600, qualifier="about"),
            events=(Event(type="return", start=date(2026, 9, 1), end=date(2026, 10, 31), precision="range"),),
        ),
    ),
    Story(
        lang="fr",
        outlet="La Lettre des frontières",
        title="Deux hommes échappent au renvoi",
        text="Après l’intervention de plusieurs associations, le tribunal a suspendu la mesure. Les deux hommes ne seront pas renvoyés "
        "vers la Corée du Nord\u00a0: ils ont été libérés mardi et ont demandé l’asile. Leur avocate parle d’un précédent important.",
        says="Les deux hommes ne seront pas renvoyés vers la Corée du Nord\u00a0: ils ont été libérés mardi et ont demandé l’asile.",
        report=_report(
            Stage.AVERTED,
            from_state="FR",
            persons=Persons(min=2, max=2),
            victims=(Victim(label="V1", sex="male"), Victim(label="V2", sex="male")),
            outcome=Outcome(value="released", as_of=date(2026, 11, 18)),
        ),
    ),
)
"""In this order they are told by the sample; the last two are known cases that changed."""

RETOLD: Mapping[ChangeKind, Story] = {
    "updated": Story(
        lang="en",
        outlet="Borderland Courier",
        title="Between two and three hundred, our own count says",
        text="Our correspondents spoke with drivers and with families on both banks. Between 200 and 300 people were sent back, they "
        "say, fewer than others have written. Nobody at the ministry answered our questions.",
        says="Between 200 and 300 people were sent back, they say, fewer than others have written.",
        report=_report(Stage.COMPLETED, multiplicity="mass", persons=Persons(min=200, max=300)),
    ),
    "corroborated": Story(
        lang="en",
        outlet="Borderland Courier",
        title="Court in Lyon stops two removals",
        text="A clerk of the court confirmed the ruling to this paper. The judge stayed the removal of both men, who left the centre on "
        "Tuesday with their lawyer. The prefecture may still appeal.",
        says="The judge stayed the removal of both men, who left the centre on Tuesday with their lawyer.",
        report=STORIES[7].report,
    ),
}
"""A second, independent article on a known case, by what it does to it."""
