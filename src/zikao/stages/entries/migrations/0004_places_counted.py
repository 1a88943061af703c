"""The places of a unit are counted by the database with every entry, so that none is sold twice by any way.

The counters are taken in the order of their ids: two that want the same places wait for each other, and never both
for ever. The check on `entries_places` refuses the statement that would make one too many.
"""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security

COUNT = """
CREATE FUNCTION entries_places_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE change record;
BEGIN
    IF NOT EXISTS (SELECT FROM entries_places) THEN
        RETURN NULL;
    END IF;
    FOR change IN {changes} LOOP
        UPDATE entries_places SET held = held + change.held, paid = paid + change.paid WHERE id = change.id;
    END LOOP;
    RETURN NULL;
END $$;
"""
TAKEN = """
    SELECT unit_id, area_code, site_code, {sign} (state = 'entered' AND held_until IS NOT NULL)::int AS held,
        {sign} (state = 'paid')::int AS paid
    FROM {table}
"""
CHANGES = """
    SELECT p.id, sum(c.held) AS held, sum(c.paid) AS paid FROM ({taken}) c
    JOIN entries_places p ON p.unit_id = c.unit_id AND p.area_code = c.area_code AND p.site_code IN ('', c.site_code)
    GROUP BY p.id HAVING sum(c.held) <> 0 OR sum(c.paid) <> 0 ORDER BY p.id
"""
NEW, OLD = TAKEN.format(sign="+", table="touched"), TAKEN.format(sign="-", table="gone")
DEEDS = {
    "insert": (NEW, "NEW TABLE AS touched"),
    "update": (f"{NEW} UNION ALL {OLD}", "NEW TABLE AS touched OLD TABLE AS gone"),
    "delete": (OLD, "OLD TABLE AS gone"),
}


def _made() -> str:
    parts = []
    for deed, (taken, tables) in DEEDS.items():
        function = COUNT.format(changes=CHANGES.format(taken=taken)).replace("places_count()", f"places_{deed}()")
        parts.append(function)
        parts.append(
            f"CREATE TRIGGER entries_places_{deed} AFTER {deed.upper()} ON entries_entry REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION entries_places_{deed}();"
        )
    return "\n".join(parts)


UNMADE = "".join(
    f"DROP TRIGGER entries_places_{deed} ON entries_entry; DROP FUNCTION entries_places_{deed}();" for deed in DEEDS
)


class Migration(migrations.Migration):
    dependencies = [("entries", "0003_row_security")]
    operations = [
        migrations.RunSQL(_made(), UNMADE),
        row_security("entries_order", own="candidate_id = {candidate}"),
        row_security("entries_refund", through=("entries_payment", "payment_id")),
        row_security("entries_ticket", own="candidate_id = {candidate}"),
    ]
