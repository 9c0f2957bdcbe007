"""Places and countries: placed where the text allows it, and left open where it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.decision import judge
from cases.extraction.pack import LANGUAGES
from cases.extraction.places import PlaceMention, find_countries, find_places
from cases.model import Article

CHAINS = [
    # language, text, raw, id, parents of the text, parents of the gazetteer
    (
        "en",
        "from Linjiang city, Jilin Province",
        "Linjiang city, Jilin Province",
        "CN-220681",
        ("Jilin",),
        ("Baishan",),
    ),
    (
        "en",
        "in Longtan district of Jilin city, Jilin Province,",
        "Longtan district of Jilin city, Jilin Province",
        "CN-220203",
        ("Jilin City", "Jilin"),
        (),
    ),
    ("en", "made Liaoning’s Dandong city her home", "Liaoning’s Dandong city", "CN-2106", ("Liaoning",), ()),
    (
        "en",
        "in Hoeryong, North Hamgyong Province",
        "Hoeryong, North Hamgyong Province",
        "KP-HOE",
        ("North Hamgyong",),
        (),
    ),
    ("en", "in Kim Jong Suk County", "Kim Jong Suk County", "KP-KJS", (), ("Ryanggang",)),
    ("en", "Pingxiang in Guangxi", "Pingxiang in Guangxi", "CN-451481", ("Guangxi",), ("Chongzuo",)),
    ("ko", "지린성 옌지시에서", "지린성 옌지시", "CN-222401", ("Jilin",), ("Yanbian",)),
    ("ko", "함경북도 무산군에서", "함경북도 무산군", "KP-MUS", ("North Hamgyong",), ()),
    ("ko", "통화시에서", "통화시", "CN-2205", (), ("Jilin",)),
    ("zh-Hans", "在吉林省临江市", "吉林省临江市", "CN-220681", ("Jilin",), ("Baishan",)),
    ("zh-Hant", "在吉林市龍潭區", "吉林市龍潭區", "CN-220203", ("Jilin City",), ("Jilin",)),
    ("zh-Hant", "江西萍鄉", "江西萍鄉", "CN-3603", ("Jiangxi",), ()),
    ("ja", "吉林省延吉市で", "吉林省延吉市", "CN-222401", ("Jilin",), ("Yanbian",)),
    (
        "fr",
        "à Dandong, dans la province du Liaoning",
        "Dandong, dans la province du Liaoning",
        "CN-2106",
        ("Liaoning",),
        (),
    ),
    ("ru", "в городе Даньдун провинции Ляонин", "городе Даньдун провинции Ляонин", "CN-2106", ("Liaoning",), ()),
    ("ru", "в Шэньяне", "Шэньяне", "CN-2101", (), ("Liaoning",)),
    ("es", "Linjiang, provincia de Jilin", "Linjiang, provincia de Jilin", "CN-220681", ("Jilin",), ("Baishan",)),
]


def only(text: str, lang: str, context: tuple[str, ...] = ()) -> PlaceMention:
    mentions = find_places(text, lang, context=context)
    assert len(mentions) == 1, mentions
    return mentions[0]


@pytest.mark.parametrize(("lang", "text", "raw", "place", "parents", "derived"), CHAINS)
def test_child_and_parent_are_one_mention_and_derived_parents_are_kept_apart(
    lang: str, text: str, raw: str, place: str, parents: tuple[str, ...], derived: tuple[str, ...]
) -> None:
    mention = only(text, lang)
    assert (mention.raw, mention.gazetteer_id) == (raw, place)
    assert (mention.parents, mention.derived_parents) == (parents, derived)


@pytest.mark.parametrize(
    ("lang", "text", "place"),
    [
        ("en", "in Jilin city", "CN-2202"),
        ("en", "in Jilin Province", "CN-22"),
        ("en", "in Jilin and Liaoning", "CN-22"),
        ("ko", "길림시에서", "CN-2202"),
        ("ko", "길림성에서", "CN-22"),
        ("zh-Hans", "吉林市", "CN-2202"),
        ("zh-Hans", "吉林省", "CN-22"),
    ],
)
def test_the_next_word_tells_the_city_from_the_province(lang: str, text: str, place: str) -> None:
    assert find_places(text, lang)[0].gazetteer_id == place


@pytest.mark.parametrize("name", ["Nanping", "Sanhe", "Linjiang", "Longtan", "Ji'an", "Pingxiang", "Tumen"])
def test_a_name_of_several_places_stays_unresolved_without_context(name: str) -> None:
    mention = only(f"They were held in {name} for a week.", "en")
    assert (mention.name, mention.gazetteer_id, mention.level) == (name, None, None)


def test_a_place_of_the_same_region_settles_an_ambiguous_name() -> None:
    found = find_places("returned through Hunchun, Tumen, Changbai, Nanping and Dandong", "en")
    assert [mention.gazetteer_id for mention in found] == [
        "CN-222404",
        "CN-222402",
        "CN-220623",
        "CN-222406-NP",
        "CN-2106",
    ]


def test_an_everyday_word_is_a_place_where_it_is_listed_beside_places() -> None:
    found = find_places("훈춘·도문·장백·단둥 세관을 통해", "ko")
    assert [mention.gazetteer_id for mention in found] == ["CN-222404", "CN-222402", "CN-220623", "CN-2106"]


def test_the_rest_of_the_article_settles_an_ambiguous_name() -> None:
    assert only("She lived in Linjiang.", "en", ("The police of Jilin Province came.",)).gazetteer_id == "CN-220681"


def test_the_context_of_another_region_settles_the_other_bearer() -> None:
    assert only("She lived in Nanping.", "en", ("The police of Fujian came.",)).gazetteer_id == "CN-3507"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "across the Tumen River and the Changbai Mountains"),
        ("ko", "집안 사정으로 통화했고 안도했으나 계획은 무산됐다"),
        ("zh-Hans", "过图们江"),
        ("en", "a jilin of no meaning"),
    ],
)
def test_rivers_mountains_and_everyday_words_are_no_places(lang: str, text: str) -> None:
    assert find_places(text, lang) == ()


def test_an_unknown_place_of_a_known_province_leaves_the_province() -> None:
    mention = only("in Tongyu county, Jilin Province", "en")
    assert (mention.gazetteer_id, mention.level) == ("CN-22", "province")


COUNTRIES = [
    ("en", "The Chinese authorities sent North Koreans back to North Korea.", ["CN", "KP", "KP"]),
    ("en", "South Korea’s ministry and the DPRK", ["KR", "KP"]),
    ("en", "Papua New Guinea, Guinea-Bissau and Equatorial Guinea", ["PG", "GW", "GQ"]),
    ("en", "Michael Jordan met Jordan Miller", []),
    ("en", "They were deported to Jordan, then to Turkey.", ["JO", "TR"]),
    ("en", "a turkey in New Jersey, and workers detained in Georgia", []),
    ("en", "They left Armenia for Georgia.", ["AM", "GE"]),
    ("en", "The Korean press", []),
    ("en", "She was sent back to the North, said North Korea's press.", ["KP", "KP"]),
    ("en", "at the North Pole", []),
    ("ko", "중국은 탈북민을 북한으로 보냈다", ["CN", "KP"]),
    ("ko", "신병 인도와 교통수단, 인도에 반하는 죄, 북송이란", []),
    ("ko", "인도네시아와 인도 정부", ["ID", "IN"]),
    ("zh-Hans", "中国将他们遣送回朝鲜", ["CN", "KP"]),
    ("zh-Hant", "中國將他們遣送回北韓", ["CN", "KP"]),
    ("zh-Hans", "朝鲜族、内蒙古和朝鲜半岛", []),
    ("ja", "中国は北朝鮮に送還した", ["CN", "KP"]),
    ("fr", "les autorités chinoises, vers la Corée du Nord", ["CN", "KP"]),
    ("ru", "из Китая в КНДР и в Северную Корею", ["CN", "KP", "KP"]),
    ("it", "le autorità cinesi, in Corea del Nord", ["CN", "KP"]),
    ("de", "chinesische Behörden, nach Nordkorea", ["CN", "KP"]),
    ("es", "las autoridades chinas, a Corea del Norte", ["CN", "KP"]),
]


@pytest.mark.parametrize(("lang", "text", "codes"), COUNTRIES)
def test_countries_and_their_people_have_codes(lang: str, text: str, codes: list[str]) -> None:
    assert [mention.code for mention in find_countries(text, lang)] == codes


def test_a_country_is_told_from_its_people() -> None:
    kinds = [mention.kind for mention in find_countries("The Chinese police in China", "en")]
    assert kinds == ["demonym", "country"]


texts = st.lists(
    st.one_of(st.sampled_from([text for _, text, *_ in CHAINS + COUNTRIES]), st.text(max_size=12)), max_size=5
).map(" ".join)


@given(text=texts, lang=st.sampled_from(LANGUAGES), context=st.lists(texts, max_size=2))
def test_every_place_and_country_is_a_stretch_of_the_text(text: str, lang: str, context: list[str]) -> None:
    for mention in [*find_places(text, lang, context=context), *find_countries(text, lang)]:
        assert text[mention.start : mention.end] == mention.raw


@given(text=texts, lang=st.sampled_from(LANGUAGES))
def test_a_text_told_twice_gives_the_same_places_twice(text: str, lang: str) -> None:
    once = [(mention.raw, mention.gazetteer_id) for mention in find_places(text, lang)]
    twice = find_places(f"{text}\n\n.\n\n{text}", lang)
    assert [(mention.raw, mention.gazetteer_id) for mention in twice] == once * 2


def test_a_way_from_one_state_straight_to_the_other_begins_at_a_crossing() -> None:
    text = "미국 이민국에 구금된 쿠바인 여성이 지난 8일 마이애미에서 아바나로 가는 비행기에 태워져 추방됐다."
    [report] = judge(Article(url="https://magazine.example/a/", title="", text=text, lang="ko")).reports
    assert [(place.role, place.name) for place in report.places] == [
        ("crossing", "마이애미"),
        ("destination", "아바나"),
    ]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (
            "Officers from a police station in Longtan district broke into the home of a North Korean woman, seized her and deported her to North Korea.",
            [("arrest", "Longtan")],
        ),
        (
            "Thai police put the Vietnamese blogger on a plane in Bangkok and deported him to Vietnam.",
            [("crossing", "Bangkok")],
        ),
        (
            "The plane carrying 83 deported Pakistanis from Riyadh landed in Islamabad, the Saudi police said.",
            [("crossing", "Riyadh"), ("destination", "Islamabad")],
        ),
        (
            "A Ugandan politician was seized in Nairobi on Saturday and turned up in a military court in Kampala.",
            [("arrest", "Nairobi"), ("destination", "Kampala")],
        ),
    ],
    ids=["officers' own station", "where the plane stood", "from where it flew", "where he is seen again"],
)
def test_a_place_is_what_the_act_made_of_it(text: str, roles: list[tuple[str, str]]) -> None:
    [report] = judge(Article(url="https://magazine.example/a/", title="", text=text, lang="en")).reports
    assert [(place.role, place.name) for place in report.places] == roles
