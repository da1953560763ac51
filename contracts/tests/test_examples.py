"""Examples are the caller's own: whoever changes one changes it for nobody else."""

from contracts.examples import example_json
from contracts.users.v2 import NewUser


def test_an_example_that_is_changed_stays_as_it_is_for_others() -> None:
    mine = example_json(NewUser)

    mine["name"]["given"] = "Grace"

    assert example_json(NewUser)["name"]["given"] == "Ada"
