"""The benchmark: see tools/bench."""

import checkout  # noqa: F401
