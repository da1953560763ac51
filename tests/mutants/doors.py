"""Mutants of what stands at the doors: who comes in, with what, how often, and what is told to others."""

from .mutant import Mutant

__all__ = ["DOORS"]

_AUTH = "chassis/src/chassis/auth.py"
_TOKENS = "chassis/tests/test_auth.py"
_REQUIRE = '                    options={"require": _REQUIRED},\n'
_STRICT = """misspelt one is noticed."\""

    model_config = ConfigDict(extra="forbid", frozen=True)
"""

DOORS = (
    Mutant(
        name="signatures are checked",
        file=_AUTH,
        old=_REQUIRE,
        new='                    options={"require": _REQUIRED, "verify_signature": False, "verify_aud": True},\n',
        why="whoever can write is whoever he says",
        tests=(f"{_TOKENS}::test_a_forged_token_is_refused",),
    ),
    Mutant(
        name="one algorithm signs",
        file=_AUTH,
        old="                    key,\n                    algorithms=[ALGORITHM],\n",
        new=(
            '                    key if "EdDSA" in str(jwt.get_unverified_header(token)) else key.public_bytes_raw(),\n'
            '                    algorithms=[ALGORITHM, "HS256"],\n'
        ),
        why="the public key, which everybody has, signs as a shared secret",
        tests=(f"{_TOKENS}::test_a_forged_token_is_refused",),
    ),
    Mutant(
        name="a token has an audience",
        file=_AUTH,
        old=_REQUIRE,
        new='                    options={"require": _REQUIRED, "verify_aud": False},\n',
        why="a token for one service opens all",
        tests=(f"{_TOKENS}::test_a_token_is_refused",),
    ),
    Mutant(
        name="a token has an issuer",
        file=_AUTH,
        old=_REQUIRE,
        new='                    options={"require": _REQUIRED, "verify_iss": False},\n',
        why="a token of another shop counts here",
        tests=(f"{_TOKENS}::test_a_token_is_refused",),
    ),
    Mutant(
        name="a token expires",
        file=_AUTH,
        old="        if self._clock() >= seen.expires + self._leeway:\n",
        new="        if False:\n",
        why="a token that was seen once is good for ever",
        tests=(f"{_TOKENS}::test_a_token_that_was_verified_is_refused_once_it_has_expired",),
    ),
    Mutant(
        name="a withdrawn key takes its tokens with it",
        file=_AUTH,
        old="        if await self._keys.get(seen.kid) is None:",
        new="        if False:",
        why="a stolen key is good until its last token expires",
        tests=(f"{_TOKENS}::test_a_token_that_was_verified_is_refused_once_its_key_is_withdrawn",),
    ),
    Mutant(
        name="a scope is wanted",
        file=_AUTH,
        old="    if not principal.has(*needed.scopes):\n",
        new="    if False:\n",
        why="customers do what staff and services do",
        tests=(f"{_TOKENS}::test_a_caller_without_the_scope_is_told_which_one_is_missing",),
    ),
    Mutant(
        name="unknown keys are asked for seldom",
        file="chassis/src/chassis/keys.py",
        old="        return is_wanted and now - self._tried >= (",
        new="        return is_wanted and now - self._tried >= 0 * (",
        why="whoever invents names of keys floods the issuer",
        tests=("chassis/tests/test_keys.py::test_a_thousand_invented_names_cause_one_fetch_per_cooldown",),
    ),
    Mutant(
        name="an order is its customer's",
        file="services/orders/src/orders/ownership.py",
        old="    return None if caller.is_staff else caller.account_id\n",
        new="    return None\n",
        why="everybody sees and cancels everybody's orders",
        tests=("services/orders/tests/test_reading.py::test_somebody_elses_order_is_as_good_as_missing",),
    ),
    Mutant(
        name="an account is its owner's",
        file="services/users/src/users/accounts.py",
        old="    return None if caller.has(Scope.USERS_ADMIN) else caller.account_id\n",
        new="    return None\n",
        why="everybody reads everybody's address",
        tests=(
            "services/users/tests/test_accounts.py::test_another_persons_account_looks_just_like_one_that_never_was",
        ),
    ),
    Mutant(
        name="a session ends",
        file="services/users/src/users/credentials.py",
        old=" or account.generation != caller.generation:\n",
        new=":\n",
        why="whoever stole a password stays after it is changed",
        tests=("services/users/tests/test_sessions.py::test_a_changed_password_ends_every_session",),
    ),
    Mutant(
        name="one active staff account stays",
        file="services/users/src/users/accounts.py",
        old="    if set(staff) == {user_id}:\n",
        new="    if False:\n",
        why="nobody can administer the shop any more",
        tests=("services/users/tests/test_accounts.py::test_the_last_of_the_staff_stays_staff",),
    ),
    Mutant(
        name="a change goes with what was read",
        file="chassis/src/chassis/conditional.py",
        old='    if if_match.strip() != "*" and _version(current) not in',
        new='    if if_match.strip() == "no" and _version(current) not in',
        why="of two who edit, the later undoes the earlier",
        tests=("services/catalog/tests/test_products.py::test_of_two_edits_of_one_version_the_second_is_refused",),
    ),
    Mutant(
        name="bodies are bounded",
        file="chassis/src/chassis/route.py",
        old="            if len(content) > limit:\n",
        new="            if False:\n",
        why="one request fills the memory",
        tests=("chassis/tests/test_service.py::test_a_body_that_is_too_large_is_refused_announced_or_not",),
    ),
    Mutant(
        name="a name is said once in JSON",
        file="chassis/src/chassis/strict_json.py",
        old="catch_duplicate_keys=True",
        new="catch_duplicate_keys=False",
        why="two readers of one request understand two things",
        tests=("chassis/tests/test_strict_json.py::test_what_means_two_things_is_refused",),
    ),
    Mutant(
        name="requests say nothing that is not declared",
        file="contracts/src/contracts/wire.py",
        old=_STRICT,
        new=_STRICT.replace("forbid", "ignore"),
        why="what a caller must not set is passed over, not refused",
        tests=("tests/test_bad_input.py::test_what_a_body_says_beside_its_members_is_refused_wherever_it_says_it",),
    ),
    Mutant(
        name="cursors are sealed",
        file="chassis/src/chassis/paging.py",
        old="        if not hmac.compare_digest(head, _VERSION + self._seal_of(payload, filters)):\n",
        new="        if not payload:\n",
        why="a caller pages through what he may not see",
        tests=("chassis/tests/test_paging.py::test_a_cursor_of_other_filters_is_refused",),
    ),
    Mutant(
        name="only known names are logged",
        file="chassis/src/chassis/redaction.py",
        old="    if not isinstance(value, _PLAIN) or _SECRET_NAME.search(name):\n        return MASK\n",
        new="",
        why="what callers send is in the log",
        tests=("chassis/tests/test_logging.py",),
    ),
    Mutant(
        name="who calls too often waits",
        file="chassis/src/chassis/limits.py",
        old="    if not standing.is_within:\n",
        new="    if False:\n",
        why="passwords are guessed as fast as they are hashed",
        tests=("chassis/tests/test_limits.py::test_a_caller_is_refused_once_he_is_over_the_limit",),
    ),
    Mutant(
        name="only trusted proxies say who calls",
        file="chassis/src/chassis/servers.py",
        old="        forwarded_allow_ips=list(settings.trusted_proxies),\n",
        new='        forwarded_allow_ips="*",\n',
        why="a header makes a caller somebody else, who is not limited yet",
        tests=("chassis/tests/test_serving.py::test_only_a_trusted_proxy_says_who_is_calling",),
    ),
    Mutant(
        name="a picture is what its first bytes say",
        file="services/catalog/src/catalog/pictures.py",
        old='    raise UnsupportedMediaType("An image is a PNG',
        new='    return "PNG"\n    raise UnsupportedMediaType("An image is a PNG',
        why="what is no picture is read as one",
        tests=("services/catalog/tests/test_images.py::test_other_files_are_refused_whatever_they_are_called",),
    ),
    Mutant(
        name="a picture is bounded when it is unpacked",
        file="services/catalog/src/catalog/pictures.py",
        old="            if width * height <= _MOST_PIXELS:\n",
        new="            if width:\n",
        why="a small file takes all the memory",
        tests=("services/catalog/tests/test_images.py::test_a_small_file_that_claims_many_pixels_is_refused",),
    ),
    Mutant(
        name="few passwords are hashed at once",
        file="services/users/src/users/passwords.py",
        old="ThreadPoolExecutor(at_once, ",
        new="ThreadPoolExecutor(40 * at_once, ",
        why="a flood of logins takes all the memory",
        tests=(
            "tests/test_intruders.py::test_a_flood_of_logins_takes_no_more_memory_than_two_and_holds_up_nobody_else",
        ),
    ),
    Mutant(
        name="who has no account is refused as slowly",
        file="services/users/src/users/passwords.py",
        old="        fits = await self._beside(",
        new="        fits = kept is not None and await self._beside(",
        why="the time of a refusal tells which addresses have an account",
        tests=("services/users/tests/test_tokens.py::test_a_login_that_fails_costs_one_hash_whoever_it_is_for",),
    ),
)
