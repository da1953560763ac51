"""Every model of every version is written in the portable subset, with an example that is one."""

import pytest
from contracts.operation import Api
from contracts.tools.apis import apis
from contracts.tools.linting.portable import portability_faults


@pytest.mark.parametrize("api", apis().values(), ids=lambda api: f"{api.service} {api.version}")
def test_an_api_is_portable(api: type[Api]) -> None:
    assert portability_faults(api) == []
