from pathlib import Path

import pytest

from cases.errors import RenderError
from digests.rendering import check_templates, render
from digests.sample import sample
from digests.templating import BUILT_IN, Templates
from digests.view import Digest


def overriding(folder: Path, **files: str) -> Templates:
    """Make templates of which some are the operator's: ``digest_txt`` is ``digest.txt.j2``."""
    for name, text in files.items():
        (folder / f"{name.replace('_', '.')}.j2").write_text(text, encoding="utf-8")
    return Templates(folder)


def test_every_template_of_ours_renders_a_digest_with_everything_in_it() -> None:
    check_templates()


def test_the_sample_has_every_section_and_says_every_kind_of_thing() -> None:
    digest = sample()
    assert [section.key for section in digest.sections] == ["urgent", "new", "changed", "corroborated"]
    assert digest.older
    assert digest.withdrawn
    assert digest.repeated
    assert {card.stage for card in digest.cards} >= {"imminent", "in_custody_at_risk", "completed", "averted"}
    for said in ("changed", "assertion", "missing", "warning", "disputes", "facts"):
        assert any(getattr(card, said) for card in digest.cards), said
    assert {source.direction for card in digest.cards for source in card.sources} == {"ltr", "rtl"}
    assert any(source.owes for card in digest.cards for source in card.sources) or digest.coverage.recovered
    seen = digest.coverage
    assert seen.failing
    assert seen.quiet
    assert seen.resumed
    assert seen.recovered
    assert seen.unvisited


def test_a_template_of_ones_own_stands_in_for_ours_and_every_other_stays(tmp_path: Path, rich: Digest) -> None:
    own = overriding(
        tmp_path,
        digest_txt="{{ digest.title }}: {{ ngettext('{count} article', '{count} articles', digest.cards | length) }}.\n",
    )
    check_templates(own)
    assert render(rich, own).text == "Forced returns in the news: 7 articles.\n"
    assert render(rich, own).page_html == render(rich).page_html


def test_a_template_of_ones_own_may_build_on_ours(tmp_path: Path, rich: Digest) -> None:
    (tmp_path / "page_coverage.html.j2").write_text("<p>We looked. {{ digest.title }}</p>", encoding="utf-8")
    page = render(rich, Templates(tmp_path)).page_html
    assert "<p>We looked. Forced returns in the news</p>" in page
    assert "case-2026-0041" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("one\n{{ digest.tilte }}\n", r"digest\.txt\.j2, line 2: .*Digest.* has no attribute 'tilte'"),
        ("{{ nobody }}", r"digest\.txt\.j2, line 1: 'nobody' is undefined"),
        ("one\ntwo\n{% for card in digest.cards %}\n", r"digest\.txt\.j2, line 3: .*endfor"),
        ("{{ digest.title | loud }}", r"digest\.txt\.j2, line 1: No filter named 'loud'"),
        ("{{ 1 / 0 }}", r"digest\.txt\.j2, line 1: division by zero"),
        ('{% include "footer.txt.j2" %}', r"template digest\.txt\.j2: it asks for footer\.txt\.j2, which is not there"),
    ],
)
def test_a_broken_template_stops_the_start_and_is_told_with_its_line_and_variable(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(RenderError, match=said):
        check_templates(overriding(tmp_path, digest_txt=text))


def test_a_variable_that_only_some_sections_use_is_found_at_the_start_too(tmp_path: Path) -> None:
    text = "{% for number in digest.withdrawn %}{{ number.reason }}{% endfor %}"
    with pytest.raises(RenderError, match=r"line 1: 'str object' has no attribute 'reason'"):
        check_templates(overriding(tmp_path, digest_txt=text))


def test_a_file_that_stands_in_for_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        RenderError, match=r"digest\.text\.j2: it stands in for none of ours, which are .*digest\.txt\.j2"
    ):
        overriding(tmp_path, digest_text="hello")
    with pytest.raises(RenderError, match="there is no such folder"):
        Templates(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ digest.__class__.__mro__ }}",
        "{{ digest.cards.__class__ }}",
        "{{ ngettext.__func__ }}",
        "{{ _.__self__.catalogue }}",
        "{{ tallied.__globals__ }}",
        "{{ digest._asdict }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ digest.__init__.__globals__['__builtins__'] }}",
        "{% set x = digest.__struct_fields__ %}{{ x }}",
    ],
)
def test_a_template_reaches_nothing_but_the_view(tmp_path: Path, rich: Digest, hostile: str) -> None:
    with pytest.raises(RenderError, match=r"digest\.txt\.j2, line 1"):
        render(rich, overriding(tmp_path, digest_txt=hostile))


def test_a_template_cannot_leave_its_folder(tmp_path: Path, rich: Digest) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "own"
    folder.mkdir()
    with pytest.raises(RenderError, match=r"it asks for \.\./secret\.txt, which is not there"):
        render(rich, overriding(folder, digest_txt='{% include "../secret.txt" %}'))


def test_html_is_escaped_whatever_a_template_is_called_and_plain_text_is_not() -> None:
    environment = BUILT_IN._environment
    assert callable(environment.autoescape)
    assert {name: environment.autoescape(name) for name in BUILT_IN.names if name.endswith(".j2")} == {
        name: not name.endswith(".txt.j2") for name in BUILT_IN.names if name.endswith(".j2")
    }
