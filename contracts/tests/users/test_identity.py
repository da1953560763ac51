"""How tokens are asked for and refused on the wire."""

import pytest
from contracts.codec import encode
from contracts.dialect import OAUTH
from contracts.users.errors import InvalidClient, InvalidGrant, InvalidScope
from contracts.users.identity import Identity, TokenRequest


def test_a_token_request_travels_as_a_form_without_what_is_absent() -> None:
    form = TokenRequest(grant_type="password", username="ada@example.com", password="a b&c")

    request = encode(Identity.issue_token, {"form": form})

    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.content == b"grant_type=password&username=ada%40example.com&password=a+b%26c"


def test_parameters_that_nobody_knows_are_ignored() -> None:
    form = TokenRequest.model_validate({"grant_type": "password", "nonce": "1"})

    assert form == TokenRequest(grant_type="password")


@pytest.mark.parametrize("error", [InvalidGrant, InvalidScope, InvalidClient])
def test_a_refusal_is_told_by_the_word_of_rfc_6749(error: type[InvalidGrant]) -> None:
    body = OAUTH.word(error("no"), "/oauth/token", "0" * 32).model_dump_json().encode()

    read = OAUTH.read(error.status, body, Identity.issue_token.errors)

    assert isinstance(read, error)
    assert read.detail == "no"
