"""How fast budgets may be spent: an outage pages, a leak makes a ticket, bad luck tells nobody."""

from .cases import Firing, Silence, requests

READ = "orders.v2.get_order"  # 99.9 % answered, 99 % in 0.25 s
PEERS = "catalog.v2.reserve"  # 99.95 % answered
STREAM = "orders.v2.follow_order"
DAY = 144  # steps of ten minutes

FIRING = [
    Firing(
        "a fifth of all requests fails",
        alert="FailuresBurnFast",
        severity="page",
        series=requests(READ, (90, 60, 0, 0), (70, 48, 12, 0), (60, 60, 0, 0)),
        before="89m",
        at="155m",  # in the last hour exactly a fifth has failed, 200 times what may
        after="195m",
        labels={"job": "orders", "operation": READ, "objective": "read"},
        summary=f"{READ} fails more often than promised: its budget is spent 200.0 times too fast",
    ),
    Firing(
        "what services promise each other is stricter",
        alert="FailuresBurnFast",
        severity="page",
        series=requests(PEERS, (90, 100, 0, 0), (70, 99, 1, 0), (60, 100, 0, 0)),
        before="89m",
        at="155m",
        after="195m",
        labels={"job": "catalog", "operation": PEERS, "objective": "peers"},
        summary=f"{PEERS} fails more often than promised: its budget is spent 20.0 times too fast",
    ),
    Firing(
        "less than a hundredth fails, for more than six hours",
        alert="FailuresBurnFast",
        severity="page",
        step="10m",
        series=requests(READ, (60, 1000, 0, 0), (50, 992, 8, 0), (18, 1000, 0, 0)),
        before="590m",
        at="1080m",
        after="1140m",
        labels={"job": "orders", "operation": READ, "objective": "read"},
        summary=f"{READ} fails more often than promised: its budget is spent 8.0 times too fast",
    ),
    Firing(
        "four of a thousand fail, for a day",
        alert="FailuresBurnSlowly",
        severity="ticket",
        step="10m",
        series=requests(READ, (DAY, 1000, 0, 0), (DAY + 12, 996, 4, 0), (48, 1000, 0, 0)),
        before="24h",
        at="49h",
        after="57h",
        labels={"job": "orders", "operation": READ, "objective": "read"},
        summary=f"{READ} fails more often than promised: its budget is spent 4.0 times too fast",
    ),
    Firing(
        "two of a thousand fail, for three days",
        alert="FailuresBurnSlowly",
        severity="ticket",
        step="10m",
        series=requests(READ, (DAY, 1000, 0, 0), (3 * DAY + 12, 998, 2, 0), (48, 1000, 0, 0)),
        before="24h",
        at="97h",
        after="105h",
        labels={"job": "orders", "operation": READ, "objective": "read"},
        summary=f"{READ} fails more often than promised: its budget is spent 2.0 times too fast",
    ),
    Firing(
        "a third of all requests is late",
        alert="SlownessBurnFast",
        severity="page",
        series=requests(READ, (90, 60, 0, 0), (70, 40, 0, 20), (60, 60, 0, 0)),
        before="89m",
        at="155m",
        after="195m",
        labels={"job": "orders", "operation": READ, "objective": "read"},
        summary=f"{READ} is slow more often than promised: its budget is spent 33.3 times too fast",
    ),
    Firing(
        "four of a hundred are late, for a day",
        alert="SlownessBurnSlowly",
        severity="ticket",
        step="10m",
        series=requests(READ, (DAY, 100, 0, 0), (DAY + 12, 96, 0, 4), (48, 100, 0, 0)),
        before="24h",
        at="49h",
        after="57h",
        labels={"job": "orders", "operation": READ, "objective": "read"},
        summary=f"{READ} is slow more often than promised: its budget is spent 4.0 times too fast",
    ),
]

SILENT = [
    Silence(
        "half of what an objective allows fails",
        alert="FailuresBurnSlowly",
        step="10m",
        series=requests(READ, (4 * DAY, 1999, 1, 0)),
        at="95h",
    ),
    Silence(
        "four failures are bad luck, however few requests there are",
        alert="FailuresBurnFast",
        series=requests(READ, (60, 0, 0, 0), (4, 1, 1, 0), (20, 0, 0, 0)),
        at="66m",
    ),
    Silence(
        "failures that are over before the long window says that they matter",
        alert="FailuresBurnFast",
        series=requests(READ, (360, 1000, 0, 0), (1, 900, 100, 0), (60, 1000, 0, 0)),
        at="362m",
    ),
    Silence(
        "a stream is as long as whoever follows it likes",
        alert="SlownessBurnFast",
        series=requests(STREAM, (120, 0, 0, 60)),
        at="115m",
    ),
    Silence(
        "what staff asks may fail more often",
        alert="FailuresBurnFast",
        series=requests("users.v2.list_users", (600, 98, 2, 0)),
        at="590m",
    ),
    Silence(
        "requests for nothing that there is are nobody's budget",
        alert="FailuresBurnFast",
        series=requests("none", (120, 0, 60, 0)),
        at="115m",
    ),
    Silence(
        "a third that is late for a minute is over before it matters",
        alert="SlownessBurnFast",
        series=requests(READ, (360, 1000, 0, 0), (1, 600, 0, 400), (60, 1000, 0, 0)),
        at="362m",
    ),
    Silence(
        "as many are late as may be",
        alert="SlownessBurnSlowly",
        step="10m",
        series=requests(READ, (4 * DAY, 199, 0, 1)),
        at="95h",
    ),
]
