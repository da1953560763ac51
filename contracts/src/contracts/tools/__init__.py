"""The toolchain of the contracts: what is promised, what is published, and whether the two agree."""
