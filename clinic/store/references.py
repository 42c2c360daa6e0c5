"""References that nobody has."""
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.booking.reference import new_reference

_USED = text("select 1 from appointment where reference = :reference"
             " union all select 1 from request where reference = :reference")


async def free_reference(connection: AsyncConnection) -> str:
    """Six characters that no appointment and no request has."""
    while True:
        reference = new_reference()
        if (await connection.execute(_USED, {"reference": reference})).first() is None:
            return reference
