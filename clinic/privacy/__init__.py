"""What is kept about people: why, for how long, and what they get of it when they ask."""
