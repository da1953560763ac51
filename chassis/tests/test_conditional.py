"""Entity tags: which reads are repeats, and which changes would undo another."""

import pytest
from chassis.conditional import etag, is_match, require_match
from contracts.errors import PreconditionFailed, PreconditionRequired

NOW = etag(7, 3)


@pytest.mark.parametrize("header", ["*", NOW, f"W/{NOW}", f'"x",{NOW}', f'"x" , W/{NOW} '])
def test_a_reader_who_has_this_version_is_recognised(header: str) -> None:
    assert is_match(header, NOW)


@pytest.mark.parametrize("header", ["", '"7"', '"7.4"', "7.3"])
def test_a_reader_who_has_another_version_is_not(header: str) -> None:
    assert not is_match(header, NOW)


@pytest.mark.parametrize("header", ["*", NOW, '"7.9"', '"1.1", "7.1"', f"W/{NOW}"])
def test_a_change_to_the_version_that_is_there_passes_whatever_was_sold_since(header: str) -> None:
    require_match(header, NOW)


@pytest.mark.parametrize("header", ['"6.3"', '"77.3"', '""', "nonsense"])
def test_a_change_to_an_older_version_is_refused(header: str) -> None:
    with pytest.raises(PreconditionFailed, match="read again"):
        require_match(header, NOW)


def test_a_change_to_no_version_is_refused() -> None:
    with pytest.raises(PreconditionRequired, match="Send If-Match"):
        require_match(None, NOW)
