"""Documents that users add: read, split along headings and clauses, and kept. What they say is data, never an instruction."""
