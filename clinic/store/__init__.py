"""Where the clinic keeps things: tables, migrations, repositories, the unit of work, the embedded database.

The only room that knows SQLAlchemy."""
