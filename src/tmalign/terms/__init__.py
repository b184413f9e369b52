"""Terms: the fixed phrases of a memory, found, kept, asked for and held to."""
