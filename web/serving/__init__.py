"""What stands around page and API: logins, rate limits, headers, metrics, ports."""
