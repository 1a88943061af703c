"""A case goes its way once (EA-A1.10): what was recorded stays, what was decided is not decided again or taken away."""

from django.db import migrations

_GUARDS = """
CREATE FUNCTION violations_guard_case() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'refused: a case is not taken away' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'recorded' OR NEW.decided_at IS NOT NULL OR NEW.decision_number <> '' OR NEW.scope <> '' THEN
            RAISE EXCEPTION 'refused: a case begins with its record' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.candidate_id, OLD.entry_id, OLD.code, OLD.found_in, OLD.account_of_facts, OLD.first_recorder_id,
        OLD.second_recorder_id, OLD.told_candidate, OLD.recorded_at, OLD.agency_code)
       IS DISTINCT FROM (NEW.candidate_id, NEW.entry_id, NEW.code, NEW.found_in, NEW.account_of_facts,
        NEW.first_recorder_id, NEW.second_recorder_id, NEW.told_candidate, NEW.recorded_at, NEW.agency_code) THEN
        RAISE EXCEPTION 'refused: what was recorded stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('recorded', 'notified'), ('notified', 'decided'),
       ('notified', 'dismissed'), ('decided', 'delivered')) THEN
        RAISE EXCEPTION 'refused: a case does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.state <> 'recorded' AND NEW.notified_at IS NULL)
       OR (NEW.state IN ('decided', 'delivered') AND (NEW.decided_at IS NULL OR NEW.decision_number = ''))
       OR (NEW.state = 'delivered') <> (NEW.delivered_at IS NOT NULL) THEN
        RAISE EXCEPTION 'refused: a state without what makes it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.decided_at IS NOT NULL AND (OLD.decision_number, OLD.decided_at, OLD.decided_by, OLD.decided_agency_code,
        OLD.dismissal_reason, OLD.scope) IS DISTINCT FROM (NEW.decision_number, NEW.decided_at, NEW.decided_by,
        NEW.decided_agency_code, NEW.dismissal_reason, NEW.scope) THEN
        RAISE EXCEPTION 'refused: what was decided stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.notified_at IS NOT NULL AND OLD.notified_at IS DISTINCT FROM NEW.notified_at)
       OR (OLD.delivered_at IS NOT NULL AND OLD.delivered_at IS DISTINCT FROM NEW.delivered_at)
       OR ((OLD.stated_at IS NOT NULL OR OLD.state <> 'notified')
           AND (OLD.statement, OLD.stated_at) IS DISTINCT FROM (NEW.statement, NEW.stated_at)) THEN
        RAISE EXCEPTION 'refused: what was told, answered or delivered stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_case BEFORE UPDATE OR DELETE ON violations_case
    FOR EACH ROW EXECUTE FUNCTION violations_guard_case();
CREATE TRIGGER guard_new_case AFTER INSERT ON violations_case
    FOR EACH ROW EXECUTE FUNCTION violations_guard_case();
ALTER TABLE violations_case ENABLE ALWAYS TRIGGER guard_case;
ALTER TABLE violations_case ENABLE ALWAYS TRIGGER guard_new_case;

CREATE FUNCTION violations_guard_voided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.violations_case held
          JOIN public.entries_entry own ON own.id = held.entry_id
          JOIN public.entries_entry voided ON voided.id = NEW.entry_id
         WHERE held.id = NEW.case_id AND held.state = 'decided'
           AND voided.candidate_id = held.candidate_id AND voided.sitting_id = own.sitting_id
           AND (held.scope = 'session' OR voided.id = own.id)) THEN
        RAISE EXCEPTION 'refused: only a decision voids, and only within its scope' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_voided AFTER INSERT ON violations_voidedentry
    FOR EACH ROW EXECUTE FUNCTION violations_guard_voided();
ALTER TABLE violations_voidedentry ENABLE ALWAYS TRIGGER guard_voided;
"""
_UNDO = """
DROP TRIGGER guard_voided ON violations_voidedentry;
DROP TRIGGER guard_new_case ON violations_case;
DROP TRIGGER guard_case ON violations_case;
DROP FUNCTION violations_guard_voided();
DROP FUNCTION violations_guard_case();
"""


class Migration(migrations.Migration):
    dependencies = [("violations", "0003_row_security"), ("entries", "0003_row_security")]
    operations = [migrations.RunSQL(_GUARDS, _UNDO)]
