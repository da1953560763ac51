"""Keep the consuming team's project out of our own runs: it needs an environment with the wheel alone."""

collect_ignore = ["consumer"]
