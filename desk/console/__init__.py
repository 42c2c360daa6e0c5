"""The console: the desk in the browser, at /desk. Server-rendered; its script only follows, counts and copies."""
