"""Mutants of what keeps the books: the database, stock, orders, and the keys that make a request one request."""

from .mutant import Mutant

__all__ = ["BOOKS"]

_DATABASE = "chassis/tests/test_database.py"
_IMPATIENCE = "chassis/tests/test_impatience.py"
_KEYS = "chassis/tests/test_idempotency.py"
_RESERVATIONS = "services/catalog/tests/test_reservations.py"
_PLACING = "services/orders/tests/test_placing.py"
_CANCELLING = "services/orders/tests/test_cancelling.py"

BOOKS = (
    Mutant(
        name="a write locks the file when it begins",
        file="chassis/src/chassis/sqlite.py",
        old='"BEGIN IMMEDIATE"',
        new='"BEGIN"',
        why="two processes read the same, and the later write is refused",
        tests=(f"{_DATABASE}::test_what_a_write_has_read_no_other_process_changes_before_its_end",),
    ),
    Mutant(
        name="nobody waits long for a turn, on SQLite",
        file="chassis/src/chassis/sqlite.py",
        old="_PATIENCE = 0.9 ",
        new="_PATIENCE = 1.2 ",
        why="callers of a busy service hear nothing for longer than they wait",
        tests=(
            f"{_IMPATIENCE}::test_a_write_that_gets_no_turn_is_refused_in_time",
            f"{_IMPATIENCE}::test_a_read_that_gets_no_turn_is_refused_in_time",
        ),
    ),
    Mutant(
        name="nobody waits long for a connection, on PostgreSQL",
        file="chassis/src/chassis/postgres.py",
        old="_CONTACT = 0.9 ",
        new="_CONTACT = 1.2 ",
        why="callers of a service without its database hear nothing for longer than they wait",
        tests=(
            f"{_IMPATIENCE}::test_a_unit_that_gets_no_connection_is_refused_in_time",
            f"{_IMPATIENCE}::test_a_server_that_says_nothing_is_given_up_in_time",
        ),
        wants_postgresql=True,
    ),
    Mutant(
        name="a failing commit is heard on SQLite",
        file="chassis/src/chassis/sqlite.py",
        old="            return unit(connection)\n",
        new=(
            "            done = unit(connection)\n"
            "            try:\n"
            "                connection.commit()\n"
            "            except DBAPIError:\n"
            "                pass\n"
            "            return done\n"
        ),
        why="an answer speaks of what was not saved",
        tests=(f"{_DATABASE}::test_a_commit_that_fails_is_heard_and_leaves_nothing",),
    ),
    Mutant(
        name="of units that are committed together one that is refused leaves nothing",
        file="chassis/src/chassis/sqlite_writer.py",
        old='            connection.exec_driver_sql("ROLLBACK TO unit")\n',
        new="",
        why="half of an order is saved, and its customer is told that there is none",
        tests=(f"{_DATABASE}::test_of_units_that_are_committed_together_one_that_is_refused_leaves_nothing",),
    ),
    Mutant(
        name="a failing commit is heard on PostgreSQL",
        file="chassis/src/chassis/postgres.py",
        old="        if error.connection_invalidated:\n            raise _doubt() from error\n        raise\n",
        new="        return\n",
        why="an answer speaks of what was not saved",
        tests=(
            f"{_DATABASE}::test_a_commit_that_fails_is_heard_and_leaves_nothing",
            f"{_DATABASE}::test_a_connection_lost_amid_the_commit_leaves_the_outcome_open",
        ),
        wants_postgresql=True,
    ),
    Mutant(
        name="one process migrates at a time, on SQLite",
        file="chassis/src/chassis/migrating.py",
        old='    connection.exec_driver_sql("BEGIN EXCLUSIVE")\n',
        new='    connection.exec_driver_sql("BEGIN")\n',
        why="replicas that start at once make the schema twice",
        tests=("chassis/tests/test_migrating.py::test_of_four_processes_that_start_at_once_one_makes_the_schema",),
    ),
    Mutant(
        name="one process migrates at a time, on PostgreSQL",
        file="chassis/src/chassis/migrating.py",
        old="        connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))\n",
        new="",
        why="replicas that start at once make the schema twice",
        tests=("chassis/tests/test_migrating.py::test_of_four_processes_that_start_at_once_one_makes_the_schema",),
        wants_postgresql=True,
    ),
    Mutant(
        name="only what is available is put aside",
        file="services/catalog/src/catalog/store/stock.py",
        old="_move(_ENOUGH, _SOLD)",
        new="_move(_SOLD)",
        why="more is sold than there is",
        tests=(f"{_RESERVATIONS}::test_no_more_is_sold_than_there_is",),
    ),
    Mutant(
        name="products are taken in the order of their ids",
        file="services/catalog/src/catalog/reservations.py",
        old="for product_id in sorted(quantities)}",
        new="for product_id in quantities}",
        why="orders of the same products wait for each other in a circle",
        tests=("tests/races/test_stock.py::test_orders_of_many_lines_never_wait_for_each_other_in_a_circle",),
        wants_postgresql=True,
    ),
    Mutant(
        name="a reservation is all or nothing",
        file="services/catalog/src/catalog/reservations.py",
        old="    if missed:\n        raise _refusal",
        new="    if len(missed) == len(taken):\n        raise _refusal",
        why="an order gets a part of what it wants",
        tests=(f"{_RESERVATIONS}::test_short_lines_are_all_named_and_nothing_is_put_aside",),
    ),
    Mutant(
        name="what expired is given back",
        file="services/catalog/src/catalog/reservations.py",
        old="ReservationStatus.EXPIRED)\n    if is_new:\n        _return(tx, seen)\n",
        new="ReservationStatus.EXPIRED)\n",
        why="pieces that nobody bought are never sold",
        tests=("services/catalog/tests/test_expiry.py::test_pieces_that_are_not_sold_in_time_are_available_again",),
    ),
    Mutant(
        name="a reservation is sold once",
        file="services/catalog/src/catalog/reservations.py",
        old="    is_new = seen.status == ReservationStatus.HELD and store.move(",
        new="    is_new = store.move(",
        why="a call that is repeated sells the pieces again",
        tests=(f"{_RESERVATIONS}::test_committed_pieces_leave_the_shelf_once",),
    ),
    Mutant(
        name="a key is taken once",
        file="chassis/src/chassis/idempotency.py",
        old=", where=table.c.expires_at <= now)",
        new=")",
        why="one request sent twice is two orders",
        tests=(f"{_KEYS}::test_of_many_at_once_under_one_key_one_makes_an_order",),
    ),
    Mutant(
        name="a key goes with one request",
        file="chassis/src/chassis/idempotency.py",
        old="    if row.fingerprint != request.fingerprint:\n",
        new="    if False:\n",
        why="another request is answered with what the first one did",
        tests=(f"{_KEYS}::test_a_key_with_another_request_is_refused_and_nothing_is_done",),
    ),
    Mutant(
        name="only a final answer is kept under a key",
        file="chassis/src/chassis/idempotency.py",
        old="    if status not in _FINAL:\n",
        new="    if False:\n",
        why="a failure is repeated for a day",
        tests=(f"{_KEYS}::test_an_answer_that_is_not_final_is_never_kept",),
    ),
    Mutant(
        name="a key belongs to a customer",
        file="services/orders/src/orders/placing.py",
        old="    return KeyedRequest(str(caller.account_id), ",
        new='    return KeyedRequest("anybody", ',
        why="a customer who guesses a key sees another's order",
        tests=("services/orders/tests/test_repeating.py::test_a_key_belongs_to_the_customer_who_used_it",),
    ),
    Mutant(
        name="a closed account orders nothing",
        file="services/orders/src/orders/fulfilment.py",
        old="        if standing.status != AccountStatus.ACTIVE:\n",
        new="        if False:\n",
        why="a token outlives its account",
        tests=(f"{_PLACING}::test_a_token_of_an_account_that_is_not_active_places_nothing",),
    ),
    Mutant(
        name="an order costs what was expected",
        file="services/orders/src/orders/fulfilment.py",
        old="        check_expectation(draft, prices)\n",
        new="",
        why="a price that moves is paid unseen",
        tests=(f"{_PLACING}::test_an_order_that_costs_something_else_is_refused_and_its_stock_given_back",),
    ),
    Mutant(
        name="a total counts all pieces",
        file="services/orders/src/orders/store/drafts.py",
        old=".cents * line.quantity for line",
        new=".cents for line",
        why="an order costs something else than its lines",
        tests=(f"{_PLACING}::test_an_order_is_confirmed_at_the_prices_of_the_catalog",),
    ),
    Mutant(
        name="an order ends once",
        file="services/orders/src/orders/store/settling.py",
        old="orders.c.status.in_(states), is_of(owner))",
        new="is_of(owner))",
        why="an order that was cancelled is sold",
        tests=(
            f"{_CANCELLING}::test_an_order_cancelled_while_it_is_being_placed_is_not_sold",
            f"{_CANCELLING}::test_cancelling_again_changes_nothing",
        ),
    ),
    Mutant(
        name="work that is claimed is left to its taker",
        file="services/orders/src/orders/store/work.py",
        old="values(due_at=moment + lease, ",
        new="values(due_at=moment, ",
        why="two replicas finish one order at the same time",
        tests=(
            "services/orders/tests/test_replicas.py::test_what_one_replica_has_taken_no_other_takes_before_its_lease_ends",
        ),
    ),
    Mutant(
        name="a replica passes over what another one takes",
        file="services/orders/src/orders/store/work.py",
        old=".with_for_update(skip_locked=True)",
        new=".with_for_update()",
        why="replicas queue for the same work",
        tests=("services/orders/tests/test_replicas.py::test_a_replica_passes_over_what_another_one_is_just_taking",),
        wants_postgresql=True,
    ),
    Mutant(
        name="what always fails is parked",
        file="services/orders/src/orders/store/work.py",
        old="    is_parked = attempts >= backoff.attempts\n",
        new="    is_parked = False\n",
        why="a poisoned order is tried for ever, and nobody hears of it",
        tests=("services/orders/tests/test_recovery.py::test_what_always_fails_is_parked_and_holds_up_no_other",),
    ),
)
