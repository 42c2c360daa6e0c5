"""The clinic itself: what it knows, what it books, whom it hands over to, and what worries it.

Free of Rasa and of the web. `clinic/store` alone knows SQLAlchemy."""
