"""Places of the wide world: their State, how they are led to, what they are to the act, and what is no place."""

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.decision import judge
from cases.evaluation.naming import answers_to
from cases.extraction.pack import LANGUAGES
from cases.extraction.places import PlaceMention, find_places
from cases.extraction.world import find_world
from cases.model import Article, Place

LED = [
    # language, text, name, State, link
    ("en", "They were deported to Kabul.", "Kabul", "AF", "goal"),
    ("en", "She was held in northern Idlib.", "Idlib", "SY", "static"),
    ("en", "The bus went through N'Djamena.", "N'Djamena", "TD", "path"),
    ("es", "fueron devueltos a Cabo Haitiano", "Cabo Haitiano", "HT", "goal"),
    ("es", "los deportó a La Habana", "La Habana", "CU", "goal"),
    ("es", "detenido en la ciudad de Tapachula", "Tapachula", "MX", "static"),
    ("fr", "renvoyés vers Alep", "Alep", "SY", "goal"),
    ("fr", "arrêtée à l'entrée d'Assouan", "Assouan", "EG", "either"),
    ("fr", "originaire d'Omdurman", "Omdurman", "SD", "source"),
    ("ru", "выслан из Анкары", "Анкара", "TR", "source"),
    ("ru", "его отправили в Андижан", "Андижан", "UZ", "goal"),
    ("ru", "задержали в Алма-Ате", "Алма-Ата", "KZ", "static"),
    ("ru", "этапировали в Ростов-на-Дону", "Ростов-на-Дону", "RU", "goal"),
    ("ko", "카불로 송환됐다", "카불", "AF", "goal"),
    ("ko", "앙카라에서 체포됐다", "앙카라", "TR", "static"),
    ("ja", "アンカラへ送られた", "アンカラ", "TR", "goal"),
    ("ja", "ドンムアン空港から", "ドンムアン", "TH", "source"),
    ("zh-Hans", "被送往喀布尔", "喀布尔", "AF", "goal"),
    ("zh-Hant", "經霍爾果斯口岸交給警方", "霍爾果斯", "KZ", "path"),
    ("zh-Hans", "一名来自越南得乐省的男子", "得乐省", "VN", "source"),
]

FORMED = [
    ("en", "Six men were held at the Marlbeck detention centre for a week.", "Marlbeck", "held"),
    ("en", "They were arrested in Ostrenka after dark.", "Ostrenka", None),
    ("es", "pasaron la noche en el centro de detención de Valdorreja", "Valdorreja", "held"),
    ("fr", "placée au centre de rétention de Brévanches", "Brévanches", "held"),
    ("ru", "задержали в посёлке Верхнеозёрск двоих мужчин", "Верхнеозёрск", "town"),
    ("ko", "그는 하늘목수용소에 갇혔다", "하늘목수용소", "held"),
    ("ja", "南部ベレンガで拘束された", "ベレンガ", "town"),
    ("zh-Hans", "目前关押在青石桥看守所", "青石桥看守所", "held"),
]

NOT_PLACES = [
    ("en", "A spokesman told Reading on Monday that Jackson had no comment."),
    ("en", "He was arrested in December, Amnesty International said."),
    ("es", "entregaron a Ramiro Peñalver a la policía"),
    ("fr", "remis à Étienne Vauclair, son avocat"),
    ("ko", "다른 나라로 보내졌다"),
    ("ja", "トラックで運ばれた"),
    ("zh-Hans", "家属接到电话"),
]

ROLES = [
    (
        "en",
        "Turkish police arrested 12 Afghan men in Izmir on Monday, held them in the Harmandali removal centre and deported them to Kabul on Friday.",
        {("arrest", "Izmir"), ("held", "Harmandali"), ("destination", "Kabul")},
        ("TR", "AF"),
    ),
    (
        "en",
        "Pakistan deported 300 Afghan refugees through the Chaman border crossing on Sunday, officials said.",
        {("crossing", "Chaman")},
        ("PK", "AF"),
    ),
    (
        "es",
        "Trece migrantes cubanos fueron detenidos en Cancún y deportados el martes a La Habana por las autoridades mexicanas.",
        {("arrest", "Cancún"), ("destination", "La Habana")},
        ("MX", "CU"),
    ),
    (
        "fr",
        "Douze réfugiés soudanais arrêtés à Assouan ont été expulsés mardi vers Khartoum par les autorités égyptiennes.",
        {("arrest", "Assouan"), ("destination", "Khartoum")},
        ("EG", "SD"),
    ),
    (
        "ru",
        "Власти Турции депортировали в Ташкент троих граждан Узбекистана, которых задержали в Анталье 3 марта.",
        {("destination", "Ташкент"), ("arrest", "Анталья")},
        ("TR", "UZ"),
    ),
    (
        "ko",
        "튀르키예 당국이 이스탄불에서 체포한 아프간 난민 7명을 지난 5일 카불로 강제송환했다고 인권단체가 밝혔다.",
        {("arrest", "이스탄불"), ("destination", "카불")},
        ("TR", "AF"),
    ),
    (
        "ja",
        "トルコ当局は、イズミルで拘束したアフガニスタン人7人を5日、カブールへ強制送還した。",
        {("arrest", "イズミル"), ("destination", "カブール")},
        ("TR", "AF"),
    ),
    (
        "zh-Hans",
        "土耳其当局5日将在伊兹密尔被捕的7名阿富汗难民强制遣返至喀布尔。",
        {("arrest", "伊兹密尔"), ("destination", "喀布尔")},
        ("TR", "AF"),
    ),
]


def named(text: str, lang: str, name: str) -> PlaceMention:
    found = [mention for mention in find_places(text, lang) if mention.name == name]
    assert len(found) == 1, find_places(text, lang)
    return found[0]


@pytest.mark.parametrize(("lang", "text", "name", "country", "link"), LED)
def test_a_city_brings_its_state_and_how_the_text_leads_to_it(
    lang: str, text: str, name: str, country: str, link: str
) -> None:
    mention = named(text, lang, name)
    assert (mention.country, mention.link) == (country, link)


@pytest.mark.parametrize(("lang", "text", "name", "kind"), FORMED)
def test_a_place_of_no_table_is_read_by_its_form_and_lies_in_no_state(
    lang: str, text: str, name: str, kind: str | None
) -> None:
    mention = named(text, lang, name)
    assert (mention.country, mention.kind) == (None, kind)


@pytest.mark.parametrize(("lang", "text"), NOT_PLACES)
def test_what_only_looks_like_a_place_is_none(lang: str, text: str) -> None:
    assert find_places(text, lang) == ()


def test_a_name_of_several_states_lies_in_the_one_that_the_article_names_or_in_none() -> None:
    assert named("He was arrested in Santiago.", "en", "Santiago").country is None
    assert find_places("He was arrested in Santiago.", "en", context=("The Dominican Republic",))[0].country == "DO"
    assert find_places("He was arrested in Santiago.", "en", context=("Chile said",))[0].country == "CL"


@pytest.mark.parametrize(("lang", "text", "places", "ends"), ROLES)
def test_places_have_the_role_that_their_words_tell(
    lang: str, text: str, places: set[tuple[str, str]], ends: tuple[str, str]
) -> None:
    judgement = judge(
        Article(url="https://example.org/a", title="", text=text, lang=lang, published=datetime(2025, 3, 9, tzinfo=UTC))
    )
    (report,) = judgement.reports
    read = {(place.role, name) for place in report.places for _, name in places if answers_to(place, name)}
    assert read == places
    assert len(report.places) == len(places)
    assert (report.from_state, report.to_state) == ends


@pytest.mark.parametrize(
    ("read", "label", "same"),
    [
        ("Анталье", "Анталья", True),
        ("Нижнем Новгороде", "Нижний Новгород", True),
        ("송클라", "송클라주", True),
        ("스튜어트", "스튜어트 구금센터", True),
        ("图们口岸", "图们", True),
        ("Kyiv", "Киев", False),
        ("Kabul", "Kunduz", False),
    ],
)
def test_one_name_in_two_forms_is_one_name(read: str, label: str, *, same: bool) -> None:
    assert answers_to(Place(role="held", name=read), label) is same


PIECES = ["to ", "в ", "Santiago", "카불", "口岸", "空港", "Port-au-", "N'", "de la ", "\n"]
SENTENCES: list[str] = [row[1] for row in LED] + [row[1] for row in FORMED]
texts = st.lists(st.one_of(st.sampled_from(SENTENCES), st.sampled_from(PIECES), st.text(max_size=12)), max_size=10).map(
    "".join
)


@given(text=texts, lang=st.sampled_from(LANGUAGES))
def test_no_place_without_its_stretch_of_the_text(text: str, lang: str) -> None:
    for mention in find_places(text, lang):
        assert text[mention.start : mention.end] == mention.raw
        assert mention.raw.strip()


@settings(max_examples=25)
@given(
    parts=st.lists(st.sampled_from([row[1] for row in ROLES]), min_size=1, max_size=3),
    lang=st.sampled_from(["en", "ru", "ja"]),
)
def test_every_reported_place_stands_in_the_article_and_has_evidence(parts: list[str], lang: str) -> None:
    article = Article(url="https://example.org/a", title="", text="\n".join(parts), lang=lang)
    for report in judge(article).reports:
        told = {one.field for one in report.evidence}
        for number, place in enumerate(report.places):
            assert place.raw is not None
            assert place.raw in article.text
            assert f"places[{number}]" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reading_takes_time_in_proportion_to_the_text(lang: str) -> None:
    text = json.dumps([row[1] for row in LED], ensure_ascii=False) * 8
    find_world(text, lang)
    spent = []
    for times in (1, 4):
        rounds = []
        for _ in range(5):  # the quickest one tells what the text costs, whatever else the machine does
            before = time.process_time()
            find_world(text * times, lang)
            rounds.append(time.process_time() - before)
        spent.append(min(rounds))
    assert spent[1] < 12 * max(spent[0], 0.002)
