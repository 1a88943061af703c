"""What the database itself refuses: destruction before time, deletion outside it, a clock turned back."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

FUNCTIONS = """
CREATE FUNCTION retention_kept_until(a_kind text, a_matter text) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT (greatest(clock.started_on, (clock.recorded_at AT TIME ZONE 'Asia/Shanghai')::date)
            + make_interval(months => term.months))::date
      FROM public.retention_term term
      JOIN public.retention_clock clock ON clock.event = term.event AND clock.matter = a_matter
     WHERE term.kind = a_kind AND term.months IS NOT NULL
$$;
CREATE FUNCTION retention_is_over(a_kind text, a_matter text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(public.retention_kept_until(a_kind, a_matter)
                    <= (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, false)
$$;
CREATE FUNCTION retention_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'retention: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION retention_guard_destruction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'destroyed' THEN
        RAISE EXCEPTION 'retention: a destruction that is over stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state NOT IN ('carried-out', 'destroyed') THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' OR NOT ((OLD.state = 'approved' AND NEW.state = 'carried-out')
                                OR (OLD.state = 'carried-out' AND NEW.state = 'destroyed')) THEN
        RAISE EXCEPTION 'retention: approved, carried out, witnessed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM public.retention_destructionitem WHERE destruction_id = NEW.id AND is_live) THEN
        RAISE EXCEPTION 'retention: nothing is listed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM public.retention_destructionitem item
                 JOIN public.retention_holding held ON held.id = item.holding_id
                WHERE item.destruction_id = NEW.id AND NOT public.retention_is_over(held.kind, held.matter)) THEN
        RAISE EXCEPTION 'retention: something listed must still be kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM public.retention_destructionitem item
                 JOIN public.retention_heldthing thing ON thing.holding_id = item.holding_id
                 JOIN public.retention_hold hold ON hold.id = thing.hold_id AND hold.released_at IS NULL
                WHERE item.destruction_id = NEW.id) THEN
        RAISE EXCEPTION 'retention: something listed is held' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT EXISTS (SELECT FROM public.approvals_approval
                    WHERE id = NEW.approval_id AND chain = 'destruction' AND state = 'approved'
                      AND subject = 'retention.destruction:' || NEW.id AND digest = decode(NEW.digest, 'hex')) THEN
        RAISE EXCEPTION 'retention: the list is not approved' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION retention_guard_holding() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (NEW.kind, NEW.matter, NEW.agency_code) IS DISTINCT FROM (OLD.kind, OLD.matter, OLD.agency_code) THEN
        RAISE EXCEPTION 'retention: kind, matter and agency stay' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION retention_guard_hold() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF OLD.released_at IS NOT NULL OR NEW.placed_by IS DISTINCT FROM OLD.placed_by THEN
        RAISE EXCEPTION 'retention: a hold is released once, by another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION retention_guard_item() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.retention_destruction
                    WHERE id = NEW.destruction_id AND state IN ('proposed', 'refused')) THEN
        RAISE EXCEPTION 'retention: an approved list stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION retention_guard_erasure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.retention_destruction
                    WHERE id = NEW.destruction_id AND state = 'destroyed') THEN
        RAISE EXCEPTION 'retention: a file goes with its destruction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION retention_guard_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE a_matter text;
BEGIN
    EXECUTE 'SELECT (' || TG_ARGV[1] || ')::text' INTO a_matter USING OLD;
    IF NOT EXISTS (SELECT FROM public.retention_destruction gone
                     JOIN public.retention_destructionitem item ON item.destruction_id = gone.id
                     JOIN public.retention_holding held ON held.id = item.holding_id
                    WHERE gone.state = 'destroyed' AND held.kind = TG_ARGV[0] AND held.matter = a_matter) THEN
        RAISE EXCEPTION 'retention: % must still be kept', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;
"""
# table, when, function
TRIGGERS = (
    ("retention_destruction", "BEFORE INSERT OR UPDATE", "retention_guard_destruction"),
    ("retention_destruction", "BEFORE DELETE", "retention_refuse"),
    ("retention_destructionitem", "BEFORE INSERT OR UPDATE", "retention_guard_item"),
    ("retention_destructionitem", "BEFORE DELETE", "retention_refuse"),
    ("retention_holding", "BEFORE UPDATE", "retention_guard_holding"),
    ("retention_holding", "BEFORE DELETE", "retention_refuse"),
    ("retention_hold", "BEFORE UPDATE", "retention_guard_hold"),
    ("retention_hold", "BEFORE DELETE", "retention_refuse"),
    ("storage_erasedfile", "BEFORE INSERT", "retention_guard_erasure"),
)
NEVER_EMPTIED = ("retention_destruction", "retention_destructionitem", "retention_holding", "retention_hold")


def trigger_sql() -> str:
    """The triggers, each ENABLE ALWAYS: session_replication_role does not switch them off."""
    made = []
    for number, (table, when, function) in enumerate(TRIGGERS, 1):
        name = f"retention_{number}"
        made.append(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();")
        made.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};")
    for table in NEVER_EMPTIED:
        made.append(f"CREATE TRIGGER retention_t BEFORE TRUNCATE ON {table} EXECUTE FUNCTION retention_refuse();")
        made.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER retention_t;")
    return "\n".join(made)


class Kept(Operation):
    """Refuse to delete rows of a table until a destruction of their kind and matter is over."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, kind: str, matter: str) -> None:
        self.table, self.kind, self.matter = table, kind, matter

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes it."""
        return self.__class__.__qualname__, [self.table, self.kind, self.matter], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add the two triggers."""
        kind, matter = (schema_editor.quote_value(text) for text in (self.kind, self.matter))
        schema_editor.execute(
            f"CREATE TRIGGER kept_row BEFORE DELETE ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION retention_guard_kept({kind}, {matter});"
            f" CREATE TRIGGER kept_all BEFORE TRUNCATE ON {self.table} EXECUTE FUNCTION retention_refuse();"
            f" ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER kept_row;"
            f" ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER kept_all;",
            params=None,
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take them away again."""
        schema_editor.execute(
            f"DROP TRIGGER kept_row ON {self.table}; DROP TRIGGER kept_all ON {self.table};", params=None
        )

    def describe(self) -> str:
        """What `migrate` prints."""
        return f"Keep {self.table} until its time is over"


def kept(table: str, *, kind: str, matter: str) -> Kept:
    """For a migration: rows of `table` are of `kind`; `matter` is SQL over $1, the row, for the sitting's code."""
    return Kept(table, kind, matter)
