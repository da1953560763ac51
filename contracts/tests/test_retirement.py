"""A version that ends says so in the headers that the standards give."""

from datetime import UTC, datetime

from contracts.retirement import Retirement


def test_the_dates_and_the_successor_are_told_as_the_standards_say() -> None:
    retirement = Retirement(datetime(2026, 6, 1, tzinfo=UTC), datetime(2027, 6, 1, 12, tzinfo=UTC), "v2")

    assert retirement.headers == {
        "Deprecation": "@1780272000",
        "Sunset": "Tue, 01 Jun 2027 12:00:00 GMT",
        "Link": '</v2/docs>; rel="successor-version"',
    }
