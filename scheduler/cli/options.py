"""Options and conversions that several commands share."""

from datetime import UTC, date, datetime

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs instead of a table for people.")


class Day(click.ParamType[datetime, str]):
    """A day as YYYY-MM-DD, taken as its first instant in UTC."""

    name = "date"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Turn what was typed into an instant, or say what was expected."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.combine(date.fromisoformat(value), datetime.min.time(), tzinfo=UTC)
        except ValueError:
            self.fail(f"{value!r} is not a day; expected a date such as 2026-11-21", param, ctx)


DAY = Day()
