"""The benchmark behind tools/bench: our models, other systems, and the machine's limits."""
