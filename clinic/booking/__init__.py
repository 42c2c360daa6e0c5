"""Appointments: wishes for one, openings, holds, and the book itself. Knows no database and no web."""
