"""What Spanish leaves out or leans on its verbs: who is returned, how many, and where from."""

from datetime import UTC, date, datetime

from cases.decision import judge
from cases.model import Article, Report

PUBLISHED = datetime(2026, 11, 12, tzinfo=UTC)


def told(text: str) -> Report:
    article = Article(url="https://revista.example/a/", title="", text=text, lang="es", published=PUBLISHED)
    [report] = judge(article).reports
    return report


def test_the_one_with_whom_the_story_opens_is_meant_by_a_pronoun_on_the_verb() -> None:
    report = told(
        "Elmer Tzunux Coj llevaba once años en Iowa y criaba cerdos para otros. "
        "El 3 de noviembre lo detuvieron al salir de la granja y cuatro días después lo deportaron a Guatemala."
    )
    [victim] = report.victims
    assert (victim.name, victim.sex, report.to_state) == ("Elmer Tzunux Coj", "male", "GT")


def test_a_passive_without_a_subject_is_about_those_counted_before() -> None:
    report = told(
        "La gendarmería de Mauritania detuvo el lunes a 31 senegaleses en una obra. "
        "Dos días después fueron expulsados a Senegal por la frontera de Rosso."
    )
    assert report.persons is not None
    assert (report.persons.min, report.persons.max) == (31, 31)
    assert {event.type: event.start for event in report.events} == {
        "arrest": date(2026, 11, 9),
        "return": date(2026, 11, 11),
    }


def test_the_article_behind_a_name_tells_the_sex() -> None:
    report = told(
        "Turquía deportó el martes a Turkmenistán a Sapar Orazow, un bloguero de 28 años crítico con Asjabad."
    )
    [victim] = report.victims
    assert (victim.name, victim.sex, victim.age and victim.age.min) == ("Sapar Orazow", "male", 28)


def test_the_country_right_before_the_verb_acts_whoever_pays() -> None:
    report = told("Panamá deportó el viernes a 29 colombianos en el primer vuelo pagado por Estados Unidos.")
    assert (report.from_state, report.to_state) == ("PA", "CO")
