"""What the assistant took off the clinic's hands, counted so that it can be believed (docs/numbers.md)."""
