"""The command line. Every command is thin: it asks `agent.app` and prints."""
