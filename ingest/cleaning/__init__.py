"""Takes off what is no news: menus, bylines, time stamps, notices."""
