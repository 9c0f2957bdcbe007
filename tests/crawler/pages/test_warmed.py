"""What the pool's fork server loads."""

from cases import language
from crawler.pages.warmed import warm


def test_warming_reads_its_pages_without_a_fault() -> None:
    warm()
    assert language.detect("They crossed the river at night.") == "en"
