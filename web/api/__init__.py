"""The same core for programs: HTTP, an OpenAI-compatible endpoint, MCP."""
