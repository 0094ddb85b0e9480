"""From a frame to tool calls, round by round, and to the final text."""
