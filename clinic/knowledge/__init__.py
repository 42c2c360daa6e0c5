"""What the clinic says: its facts, its articles and its answers, read from `content/` and never made up."""
