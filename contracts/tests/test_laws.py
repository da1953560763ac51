"""Every translation between two versions keeps the laws, for every value that its models can hold."""

from typing import Any

import pytest
from contracts.tools.apis import translations
from contracts.tools.lenses import laws_hold
from contracts.translation import Translation


@pytest.mark.parametrize("lens", translations(), ids=lambda lens: lens.__name__)
def test_a_translation_keeps_the_laws(lens: type[Translation[Any, Any]]) -> None:
    laws_hold(lens)
