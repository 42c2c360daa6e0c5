"""All that is kept of one person, as plain values: for whoever asks to see it. What is others' is left out."""
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from clinic.store.holdings import HOLDINGS
from clinic.store.subjects import Subject

COLLEAGUE, LEFT_OUT = "a colleague at the clinic", "[left out: somebody else's]"
STAFF_COLUMNS = ("by", "taken_by", "settled_by", "held_by")
CONTACT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\d[\d\s().-]{7,}\d")


class Exporting:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, subject: Subject, public: str = "") -> dict[str, list[dict[str, Any]]]:
        """Each table with their rows. *public*: words that are nobody's secret, such as the clinic's own contacts."""
        kept, ours = {}, " ".join([*subject.addresses, *subject.alike, public])
        for table, holding in HOLDINGS.items():
            if not holding.rows:
                continue
            rows = await self._connection.scalars(
                text(f'select to_jsonb(t) from "{table}" t where {holding.rows}'),  # noqa: S608 - SQL of ours
                subject.keys)
            kept[table] = [await self._shown(table, row, holding.hidden, ours) for row in rows]
        return kept

    async def _shown(self, table: str, row: Mapping[str, Any], hidden: tuple[str, ...], ours: str) -> dict[str, Any]:
        shown = {key: value for key, value in row.items() if key not in hidden}
        for column in STAFF_COLUMNS:
            if shown.get(column) not in (None, "visitor", "timer", "silence", "shift"):
                shown[column] = COLLEAGUE
        if table in ("note", "outgoing") or (table == "message" and row["sender"] == "person"):
            shown["text"] = await self._without_others(str(row["text"]), ours)
        if table == "message":
            shown["choices"] = [choice["label"] for choice in row["choices"] or []]
        return shown

    async def _without_others(self, said: str, ours: str) -> str:
        """What staff wrote, without contacts and full names that are not this person's."""
        plain = re.sub(r"\D", "", ours)
        names = await self._connection.scalars(text(
            "select distinct name from (select name from appointment union all select name from request) as known "
            "where name like '% %' and position(lower(name) in lower(:said)) > 0"), {"said": said})
        for name in names:
            if name.lower() not in ours.lower():
                said = re.sub(re.escape(name), LEFT_OUT, said, flags=re.IGNORECASE)

        def kept(found: "re.Match[str]") -> str:
            digits = re.sub(r"\D", "", found[0])[-9:]
            mine = found[0].lower() in ours.lower() or ("@" not in found[0] and digits in plain)
            return found[0] if mine else LEFT_OUT

        return CONTACT.sub(kept, said)
