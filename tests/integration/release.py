"""The last release as it runs: its commit, which a committed file names, and the images that are built of it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, run

from tests.crash.stack import NAMES

__all__ = ["Release", "last_release"]

_ROOT = Path(__file__).parents[2]
_RELEASED = _ROOT / "contracts/released"


@dataclass(frozen=True)
class Release:
    """A version that has landed, and the commit that it was."""

    version: str
    commit: str

    @property
    def folder(self) -> Path:
        """Where its documents and declarations are kept."""
        return _RELEASED / self.version

    @property
    def tag(self) -> str:
        """What its images are tagged with: the commit, so that they need be built only once."""
        return f"{self.version}-{self.commit[:12]}"

    def image(self, name: str) -> str:
        return f"concord-{name}:{self.tag}"

    def build(self) -> None:
        """Make the images that are not there yet, of the sources of the commit; raises AssertionError."""
        missing = [name for name in NAMES if not _succeeds("docker", "image", "inspect", self.image(name))]
        if not missing:
            return
        with tempfile.TemporaryDirectory(prefix="concord-release-") as folder:
            self._unpack(Path(folder))
            for name in missing:
                run(("docker", "build", "-t", self.image(name), "--build-arg", f"SERVICE={name}", folder), check=True)

    def _unpack(self, folder: Path) -> None:
        assert _succeeds("git", "-C", str(_ROOT), "cat-file", "-e", f"{self.commit}^{{commit}}"), (
            f"wanted commit {self.commit}, which {self.folder.name}/COMMIT names, found no such commit here: "
            "run `git fetch --unshallow`"
        )
        archive = run(("git", "-C", str(_ROOT), "archive", self.commit), stdout=PIPE, check=True).stdout
        run(("tar", "-x", "-C", str(folder)), input=archive, check=True)


def last_release() -> Release:
    """Find the latest version that names its commit; raises AssertionError where there is none."""
    landed = sorted(_RELEASED.glob("*/COMMIT"), key=lambda file: [int(part) for part in file.parent.name.split(".")])
    assert landed, f"wanted a release that has landed, found none in {_RELEASED}: write its commit into X.Y.Z/COMMIT"
    return Release(landed[-1].parent.name, landed[-1].read_text().strip())


def _succeeds(*command: str) -> bool:
    return run(command, stdout=DEVNULL, stderr=DEVNULL, check=False).returncode == 0
