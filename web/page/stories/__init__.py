"""A story at an address of its own: told whole when it is opened, over the view from which it is reached."""
