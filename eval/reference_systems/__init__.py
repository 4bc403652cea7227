"""What Newsdesk is measured beside."""
