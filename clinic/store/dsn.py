"""The database's address: in the two spellings that libraries want; and what is wrong with it, without its password."""

_REASONS = {
    "resolve host": "no machine goes by that name",
    "translate host name": "no machine goes by that name",
    "refused": "nothing listens there",
    "no such file": "nothing listens there",
    "timeout": "it does not answer in time",
    "password authentication failed": "the user or the password is another",
    "no password supplied": "it asks for a password",
    "does not exist": "it has no such user or no such database",
    "pg_hba.conf": "it does not let this machine in",
    "starting up": "it is still starting",
    "shutting down": "it is shutting down",
    "connection slots": "it has no connection to spare",
    "too many": "it has no connection to spare",
    "ssl": "it and we do not agree on encryption",
    " uri": "its address can't be read",
    "connection info": "its address can't be read",
}
"""What PostgreSQL's own library says, in small letters, and our words for it. The earlier one counts."""


def sqlalchemy_url(dsn: str) -> str:
    """psycopg's address as SQLAlchemy wants it: which driver is in the scheme."""
    return "postgresql+psycopg://" + dsn.split("://", 1)[1]


def reason(error: Exception) -> str:
    """Why a database can't be reached. Never the library's own words: they may repeat the address, password and all."""
    said = str(error).lower()
    return next((ours for theirs, ours in _REASONS.items() if theirs in said), f"it said {type(error).__name__}")
