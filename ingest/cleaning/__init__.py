"""Takes off what is no news: menus, bylines, timestamps, notices."""
