"""The doors for programs: a typed HTTP interface, an OpenAI-compatible one, MCP, health and metrics; all call the one
core."""
