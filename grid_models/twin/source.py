"""Load a grid by name: a SimBench code, a pandapower built-in case or a file; cached in the data folder by content."""
