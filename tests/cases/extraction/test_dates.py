"""The interval grammars: what each phrase of each language says, and what it never says."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.extraction.dates import DateMention, find_dates, resolve
from cases.extraction.pack import LANGUAGES

PUBLISHED = date(2018, 9, 9)

PLACED = [
    # English
    ("en", "On March 4, 2015", "2015-03-04", "2015-03-04", "day"),
    ("en", "on 4 March 2015", "2015-03-04", "2015-03-04", "day"),
    ("en", "in the night of Sept. 3", "2018-09-03", "2018-09-03", "day"),
    ("en", "on October 9", "2017-10-09", "2017-10-09", "day"),
    ("en", "October 8 and 9, 2017", "2017-10-08", "2017-10-09", "few_days"),
    ("en", "from 29 August to 2 September 2017", "2017-08-29", "2017-09-02", "few_days"),
    ("en", "December 28, 2016 to January 3, 2017", "2016-12-28", "2017-01-03", "few_days"),
    ("en", "In May 2014", "2014-05-01", "2014-05-31", "month"),
    ("en", "in February 2016", "2016-02-01", "2016-02-29", "month"),
    ("en", "in May", "2018-05-01", "2018-05-31", "month"),
    ("en", "last October", "2017-10-01", "2017-10-31", "month"),
    ("en", "last month", "2018-08-01", "2018-08-31", "month"),
    ("en", "on the 25th of last month", "2018-08-25", "2018-08-25", "day"),
    ("en", "late March", "2018-03-21", "2018-03-31", "range"),
    ("en", "in mid-June 2015", "2015-06-11", "2015-06-20", "range"),
    ("en", "In 2013", "2013-01-01", "2013-12-31", "year"),
    ("en", "as recently as 2017", "2017-01-01", "2017-12-31", "year"),
    ("en", "last year", "2017-01-01", "2017-12-31", "year"),
    ("en", "two years ago", "2016-01-01", "2016-12-31", "year"),
    ("en", "three months ago", "2018-06-01", "2018-06-30", "month"),
    ("en", "more than two years ago", None, "2016-12-31", "range"),
    ("en", "several years ago", "2009-01-01", "2016-12-31", "range"),
    ("en", "a decade ago", "2007-01-01", "2009-12-31", "range"),
    ("en", "in the 1990s", "1990-01-01", "1999-12-31", "range"),
    ("en", "from 2011 to 2014", "2011-01-01", "2014-12-31", "range"),
    ("en", "since 2016", "2016-01-01", "2018-09-09", "range"),
    ("en", "until May 2017", None, "2017-05-31", "range"),
    ("en", "before 2017", None, "2016-12-31", "range"),
    ("en", "in the spring of 2016", "2016-03-01", "2016-05-31", "season"),
    ("en", "in the winter of 2016", "2015-12-01", "2017-02-28", "season"),
    ("en", "yesterday", "2018-09-08", "2018-09-08", "day"),
    ("en", "on Monday", "2018-09-03", "2018-09-03", "day"),
    ("en", "last Wednesday", "2018-08-29", "2018-09-05", "range"),
    ("en", "last week", "2018-08-27", "2018-09-02", "week"),
    ("en", "earlier this week", "2018-09-03", "2018-09-09", "week"),
    ("en", "2016-01-23", "2016-01-23", "2016-01-23", "day"),
    ("en", "09/20/2016", "2016-09-20", "2016-09-20", "day"),
    ("en", "03/04/2016", "2016-03-04", "2016-04-03", "range"),
    # Korean
    ("ko", "지난달 25일", "2018-08-25", "2018-08-25", "day"),
    ("ko", "지난해 10월 9일", "2017-10-09", "2017-10-09", "day"),
    ("ko", "올해 4월", "2018-04-01", "2018-04-30", "month"),
    ("ko", "지난 4일", "2018-09-04", "2018-09-04", "day"),
    ("ko", "지난 12일", "2018-08-12", "2018-08-12", "day"),
    ("ko", "오는 20일", "2018-09-20", "2018-09-20", "day"),
    ("ko", "지난달 28일부터 이달 3일까지", "2018-08-28", "2018-09-03", "few_days"),
    ("ko", "7월 28일부터 8월 20일까지", "2018-07-28", "2018-08-20", "range"),
    ("ko", "4일 전했다", "2018-09-04", "2018-09-04", "day"),
    ("ko", "지난 4일 새벽", "2018-09-04", "2018-09-04", "day"),
    ("ko", "8일과 9일", "2018-09-08", "2018-09-09", "few_days"),
    ("ko", "이달 초", "2018-09-01", "2018-09-10", "range"),
    ("ko", "작년 12월", "2017-12-01", "2017-12-31", "month"),
    ("ko", "2년 전", "2016-01-01", "2016-12-31", "year"),
    ("ko", "사흘 전", "2018-09-06", "2018-09-06", "day"),
    ("ko", "지난주 수요일", "2018-08-29", "2018-08-29", "day"),
    ("ko", "2016년 3월 4일", "2016-03-04", "2016-03-04", "day"),
    ("ko", "2016년 이후", "2016-01-01", "2018-09-09", "range"),
    # Chinese
    ("zh-Hans", "去年10月9日", "2017-10-09", "2017-10-09", "day"),
    ("zh-Hans", "10月9日", "2017-10-09", "2017-10-09", "day"),
    ("zh-Hans", "今年4月", "2018-04-01", "2018-04-30", "month"),
    ("zh-Hans", "上周三", "2018-08-29", "2018-08-29", "day"),
    ("zh-Hant", "上週三", "2018-08-29", "2018-08-29", "day"),
    ("zh-Hant", "兩年前", "2016-01-01", "2016-12-31", "year"),
    ("zh-Hans", "两年前", "2016-01-01", "2016-12-31", "year"),
    ("zh-Hans", "上个月25日", "2018-08-25", "2018-08-25", "day"),
    ("zh-Hans", "8月29日至31日", "2018-08-29", "2018-08-31", "few_days"),
    ("zh-Hans", "2016年底", "2016-09-01", "2016-12-31", "range"),
    ("zh-Hans", "近两个月内", "2018-07-11", "2018-09-09", "range"),
    # Japanese
    ("ja", "先月2日", "2018-08-02", "2018-08-02", "day"),
    ("ja", "今月9日", "2018-09-09", "2018-09-09", "day"),
    ("ja", "昨年10月", "2017-10-01", "2017-10-31", "month"),
    ("ja", "今年4月", "2018-04-01", "2018-04-30", "month"),
    ("ja", "先月末", "2018-08-21", "2018-08-31", "range"),
    ("ja", "2年前", "2016-01-01", "2016-12-31", "year"),
    ("ja", "２０１６年３月４日", "2016-03-04", "2016-03-04", "day"),
    # French, Russian, Spanish
    ("fr", "il y a deux ans", "2016-01-01", "2016-12-31", "year"),
    ("fr", "le 1er mars 2016", "2016-03-01", "2016-03-01", "day"),
    ("fr", "en octobre de l’année dernière", "2017-10-01", "2017-10-31", "month"),
    ("fr", "fin mars", "2018-03-21", "2018-03-31", "range"),
    ("fr", "le 2 septembre", "2018-09-02", "2018-09-02", "day"),
    ("fr", "dans la nuit de jeudi à vendredi", "2018-09-06", "2018-09-07", "few_days"),
    ("fr", "samedi et dimanche", "2018-09-08", "2018-09-09", "few_days"),
    ("fr", "au cours du week-end", "2018-09-08", "2018-09-09", "few_days"),
    ("fr", "le lundi 3, au matin", "2018-09-03", "2018-09-03", "day"),
    ("it", "lo scorso 26 ottobre", "2017-10-26", "2017-10-26", "day"),
    ("it", "due anni fa", "2016-01-01", "2016-12-31", "year"),
    ("it", "a maggio 2014", "2014-05-01", "2014-05-31", "month"),
    ("de", "vor zwei Jahren", "2016-01-01", "2016-12-31", "year"),
    ("de", "am 4. März 2016", "2016-03-04", "2016-03-04", "day"),
    ("de", "Ende März", "2018-03-21", "2018-03-31", "range"),
    ("ru", "два года назад", "2016-01-01", "2016-12-31", "year"),
    ("ru", "в октябре прошлого года", "2017-10-01", "2017-10-31", "month"),
    ("ru", "4 марта 2016 года", "2016-03-04", "2016-03-04", "day"),
    ("ru", "в ночь на 4 марта 2016 года", "2016-03-03", "2016-03-04", "few_days"),
    ("ru", "в 2016-м", "2016-01-01", "2016-12-31", "year"),
    ("es", "hace dos años", "2016-01-01", "2016-12-31", "year"),
    ("es", "el 4 de marzo de 2016", "2016-03-04", "2016-03-04", "day"),
    ("es", "en mayo de 2014", "2014-05-01", "2014-05-31", "month"),
]

COUNTED_FROM_THE_EVENT_BEFORE = [
    ("en", "the next day", (1, 1)),
    ("en", "two days later", (2, 2)),
    ("en", "after a few days", (2, 7)),
    ("en", "within two weeks", (0, 14)),
    ("en", "soon", (0, None)),
    ("ko", "다음 날", (1, 1)),
    ("ko", "사흘 만에", (3, 3)),
    ("ko", "며칠 뒤", (2, 7)),
    ("zh-Hans", "次日", (1, 1)),
    ("zh-Hans", "几天后", (2, 7)),
    ("ja", "翌日", (1, 1)),
    ("ja", "数日後", (2, 7)),
    ("fr", "le lendemain", (1, 1)),
    ("fr", "quelques jours plus tard", (2, 7)),
    ("ru", "на следующий день", (1, 1)),
    ("ru", "через несколько дней", (2, 7)),
    ("es", "al día siguiente", (1, 1)),
    ("it", "il giorno dopo", (1, 1)),
    ("de", "am nächsten Tag", (1, 1)),
    ("de", "wenige Tage später", (2, 7)),
    ("es", "unos días después", (2, 7)),
]

NO_DATES = [
    ("en", "They may return, and the police march on; the 1951 Convention binds them."),
    ("en", "She was his wife of 18 years, was held for ten days, and paid 2,000 yuan in room 2016."),
    ("en", "It began in the 18th district and on the 7th floor of a house."),
    ("ko", "두 사람은 3일간 구금됐고 벌금을 냈다."),
    ("zh-Hans", "她被关押十天，罚款两千元。"),
    ("ja", "3日間拘束された。"),
]


def only(text: str, lang: str, published: date | None = PUBLISHED) -> DateMention:
    mentions = find_dates(text, lang, published=published)
    assert len(mentions) == 1, mentions
    return mentions[0]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("lang", "phrase", "first", "last", "precision"), PLACED)
def test_a_phrase_says_its_interval_and_no_more(
    lang: str, phrase: str, first: str | None, last: str | None, precision: str
) -> None:
    mention = only(f"X, {phrase}, Y.", lang)
    assert (mention.first, mention.last, mention.precision) == (day(first), day(last), precision)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The flight is booked for December 3."),
        ("es", "El vuelo sale el 3 de diciembre."),
        ("fr", "Le vol part le 3 décembre."),
        ("ko", "항공편은 12월 3일 출발한다."),
        ("ja", "便は12月3日に出る。"),
        ("zh-Hans", "航班定于12月3日出发。"),
    ],
)
def test_a_day_without_its_year_may_be_one_of_the_weeks_to_come(lang: str, text: str) -> None:
    assert only(text, lang, published=date(2025, 11, 24)).first == date(2025, 12, 3)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("They fly on Friday, November 21.", date(2025, 11, 21)),
        ("They flew on Thursday, November 21.", date(2024, 11, 21)),
        ("Held since January 5, they wait.", date(2025, 1, 5)),
        ("She was born on February 29.", date(2024, 2, 29)),
    ],
)
def test_a_weekday_and_what_has_lasted_since_a_day_tell_its_year(text: str, first: date) -> None:
    assert only(text, "en", published=date(2025, 11, 20)).first == first


@pytest.mark.parametrize(("lang", "phrase", "distance"), COUNTED_FROM_THE_EVENT_BEFORE)
def test_a_time_counted_from_another_event_keeps_its_distance(
    lang: str, phrase: str, distance: tuple[int, int | None]
) -> None:
    mention = only(f"X, {phrase}, Y.", lang)
    assert mention.relative_to_previous == distance
    assert mention.anchor == "previous event"
    assert (mention.first, mention.last, mention.precision) == (None, None, "unknown")


@pytest.mark.parametrize(("lang", "text"), NO_DATES)
def test_numbers_and_words_that_are_no_dates_give_none(lang: str, text: str) -> None:
    assert find_dates(text, lang, published=PUBLISHED) == ()


def test_raw_keeps_the_words_of_the_text() -> None:
    mention = only("The police came On March 4, 2015, at night.", "en")
    assert mention.raw == "On March 4, 2015"


def test_without_a_publication_date_a_time_that_counts_from_it_stays_open() -> None:
    mention = only("It was two years ago.", "en", published=None)
    assert (mention.first, mention.last, mention.precision, mention.anchor) == (None, None, "unknown", "publication")


def test_a_day_after_a_full_date_of_the_paragraph_takes_its_year() -> None:
    _, second = find_dates("Taken on March 4, 2015, she was returned on March 9.", "en", published=PUBLISHED)
    assert (second.first, second.last, second.precision) == (date(2015, 3, 9), date(2015, 3, 9), "day")


def test_a_day_that_may_belong_to_two_years_stays_a_range() -> None:
    _, second = find_dates("She fled in December 2012. On October 9 she was held.", "en", published=PUBLISHED)
    assert (second.first, second.last, second.precision) == (date(2012, 10, 9), date(2017, 10, 9), "range")


def test_a_bare_day_beside_a_day_is_of_the_same_month() -> None:
    _, second = find_dates("지난달 2일 체포됐고 5일 북송됐다.", "ko", published=PUBLISHED)
    assert (second.first, second.last, second.precision) == (date(2018, 8, 5), date(2018, 8, 5), "day")


def test_a_bare_day_of_the_month_further_on_may_mean_the_month_named_before() -> None:
    between = "그 뒤로 가족은 그의 소식을 듣지 못했고 당국에 여러 번 물었지만 아무 대답도 얻지 못했으며 이웃들도 그를 보지 못했다고 했다. "
    _, second = find_dates(f"지난달 2일 체포됐다. {between}5일 북송됐다.", "ko", published=PUBLISHED)
    assert (second.first, second.last, second.precision) == (date(2018, 8, 5), date(2018, 9, 5), "range")


def test_three_events_of_one_sentence_are_three_dates() -> None:
    found = find_dates("80 on 29 August, 40 on 2 September, and nearly 50 in July 2017", "en", published=PUBLISHED)
    assert [mention.first for mention in found] == [date(2018, 8, 29), date(2018, 9, 2), date(2017, 7, 1)]


def test_a_day_that_the_calendar_does_not_have_is_no_date() -> None:
    assert find_dates("on February 30, 2016", "en", published=PUBLISHED) == ()


def test_the_next_day_after_a_known_day_is_a_day() -> None:
    mention = only("the next day", "en")
    assert resolve(mention, previous=(date(2016, 1, 23), date(2016, 1, 23))) == (
        date(2016, 1, 24),
        date(2016, 1, 24),
        "day",
    )


def test_the_next_day_after_a_month_is_a_range() -> None:
    mention = only("the next day", "en")
    assert resolve(mention, previous=(date(2014, 5, 1), date(2014, 5, 31))) == (
        date(2014, 5, 2),
        date(2014, 6, 1),
        "range",
    )


def test_a_few_days_after_a_known_day_stay_a_few_days() -> None:
    mention = only("after a few days", "en")
    expected = (date(2016, 1, 25), date(2016, 1, 30), "few_days")
    assert resolve(mention, previous=(date(2016, 1, 23), date(2016, 1, 23))) == expected


def test_soon_has_a_beginning_and_no_end() -> None:
    mention = only("soon", "en")
    assert resolve(mention, previous=(date(2014, 5, 1), date(2014, 5, 31))) == (date(2014, 5, 1), None, "range")


def test_a_time_counted_from_an_unknown_event_is_unknown() -> None:
    assert resolve(only("the next day", "en"), previous=None) == (None, None, "unknown")


def test_a_placed_time_is_not_moved_by_the_event_before() -> None:
    mention = only("in May 2014", "en")
    expected = (date(2014, 5, 1), date(2014, 5, 31), "month")
    assert resolve(mention, previous=(date(2011, 1, 1), date(2011, 1, 1))) == expected


def test_a_language_without_a_grammar_gives_nothing() -> None:
    assert find_dates("dne 4. března 2015", "cs", published=PUBLISHED) == ()
    assert find_dates("On March 4, 2015", None, published=PUBLISHED) == ()


PHRASES = [phrase for _, phrase, *_ in PLACED] + [phrase for _, phrase, _ in COUNTED_FROM_THE_EVENT_BEFORE]
mixed = st.lists(st.one_of(st.sampled_from(PHRASES), st.text(max_size=12)), max_size=6).map(" ".join)
days = st.one_of(st.none(), st.dates(date(1, 1, 1), date(9999, 12, 31)))


@given(text=mixed, lang=st.sampled_from(LANGUAGES), published=days)
def test_every_mention_is_a_stretch_of_the_text_and_an_interval(text: str, lang: str, published: date | None) -> None:
    for mention in find_dates(text, lang, published=published):
        assert text[mention.start : mention.end] == mention.raw
        assert mention.first is None or mention.last is None or mention.first <= mention.last
        if mention.precision == "day":
            assert mention.first == mention.last


@given(
    number=st.integers(1, 10**12),
    unit=st.sampled_from(["months", "years", "weeks", "decades"]),
    lead=st.sampled_from(["", "more than ", "about "]),
)
def test_a_time_without_a_day_never_becomes_a_day(number: int, unit: str, lead: str) -> None:
    for mention in find_dates(f"{lead}{number} {unit} ago", "en", published=PUBLISHED):
        assert mention.precision != "day"


@given(year=st.integers(1900, 2099), month=st.integers(1, 12), published=days)
def test_a_month_never_becomes_a_day(year: int, month: int, published: date | None) -> None:
    for text, lang in ((f"{year}年{month}月", "ja"), (f"{year}年{month}月", "zh"), (f"{year}년 {month}월", "ko")):
        mention = only(text, lang, published)
        assert mention.precision == "month"
        assert mention.first == date(year, month, 1)


@given(text=mixed, lang=st.sampled_from(LANGUAGES))
def test_a_text_told_twice_gives_the_same_dates_twice(text: str, lang: str) -> None:
    once = find_dates(text, lang, published=PUBLISHED)
    gap = "\n\n"
    twice = find_dates(f"{text}{gap}{text}", lang, published=PUBLISHED)
    moved = [(mention.raw, mention.first, mention.last, mention.precision) for mention in once]
    assert [(mention.raw, mention.first, mention.last, mention.precision) for mention in twice] == moved * 2


@given(previous=st.tuples(days, days), lang=st.sampled_from(LANGUAGES), text=mixed)
def test_resolving_never_fails_and_gives_a_day_only_from_a_day(
    previous: tuple[date | None, date | None], lang: str, text: str
) -> None:
    for mention in find_dates(text, lang, published=PUBLISHED):
        first, last, precision = resolve(mention, previous=previous)
        if precision == "day":
            assert first == last
            assert mention.precision == "day" or previous[0] == previous[1]


def test_the_same_weekday_a_year_long_is_never_after_the_publication() -> None:
    for shift in range(366):
        published = PUBLISHED + timedelta(days=shift)
        mention = only("on Friday", "en", published)
        assert mention.first is not None
        assert timedelta(0) <= published - mention.first < timedelta(days=7)
