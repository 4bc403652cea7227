"""What the page shows, as HTML: values made in Python, and the templates that show them."""
