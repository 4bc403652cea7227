"""`python -m cli` is `newsdesk`."""

from cli import main

main()
