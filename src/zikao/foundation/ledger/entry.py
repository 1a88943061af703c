"""The bytes of a line that the tree hashes: the same on every server, whatever its settings.

Entry form 1 is PostgreSQL's text of a row of every column, in this order, in UTF-8. Instants are seconds since 1970
with six places, digests hexadecimal; absent and empty differ. The server builds it, so a million lines are read
without building a million objects.
"""

from __future__ import annotations

COLUMNS = {
    "id": "line.id",
    "xid": "line.xid",
    "at": "extract(epoch FROM line.at)",
    "recorded_at": "extract(epoch FROM line.recorded_at)",
    "account_id": "line.account_id",
    "appointment_id": "line.appointment_id",
    "post": "line.post",
    "agency_code": "line.agency_code",
    "command": "line.command",
    "subject": "line.subject",
    "clauses": "line.clauses",
    "facts": "line.facts",
    "before": "encode(line.before, 'hex')",
    "after": "encode(line.after, 'hex')",
    "idempotency_key": "line.idempotency_key",
}
ENTRY_SQL = f"convert_to(ROW({', '.join(COLUMNS.values())})::text, 'UTF8')"
"""An SQL expression over `ledger_line AS line`."""
