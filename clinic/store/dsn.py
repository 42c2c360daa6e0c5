"""One address of the database, in the two spellings that libraries want."""


def sqlalchemy_url(dsn: str) -> str:
    """psycopg's address as SQLAlchemy wants it: which driver is in the scheme."""
    return "postgresql+psycopg://" + dsn.split("://", 1)[1]
