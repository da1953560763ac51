"""Small documents around one schema, and the outside judge of witnesses."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "audit"))
