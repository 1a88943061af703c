"""A technical change is registered once for all, confirmed by two others, and only then made (EA-A9.2.1.2)."""

from django.db import migrations

from zikao.foundation.commands.row_security import row_security
from zikao.foundation.ledger.append_only import append_only

_GUARDS = """
CREATE FUNCTION zikao_guard_data_confirmation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.marking_datacorrection held WHERE held.id = NEW.correction_id
                  AND (held.proposed_by = NEW.account_id OR held.state <> 'proposed')) THEN
        RAISE EXCEPTION 'a change is confirmed by others than its proposer, and while it waits'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION zikao_guard_data_correction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
       OR (OLD.card_id, OLD.field, OLD.before, OLD.after, OLD.seat_before_id, OLD.seat_after_id, OLD.reason,
           OLD.proposed_by, OLD.proposer, OLD.proposed_at)
       IS DISTINCT FROM (NEW.card_id, NEW.field, NEW.before, NEW.after, NEW.seat_before_id, NEW.seat_after_id,
           NEW.reason, NEW.proposed_by, NEW.proposer, NEW.proposed_at) THEN
        RAISE EXCEPTION 'the register of changes is not rewritten' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = 'applied' AND (SELECT count(DISTINCT said.person_id) FROM public.marking_dataconfirmation said
                                   WHERE said.correction_id = NEW.id) < 2 THEN
        RAISE EXCEPTION 'two full-time people have to confirm first' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_data_confirmation BEFORE INSERT ON marking_dataconfirmation
    FOR EACH ROW EXECUTE FUNCTION zikao_guard_data_confirmation();
CREATE TRIGGER guard_data_correction BEFORE UPDATE OR DELETE ON marking_datacorrection
    FOR EACH ROW EXECUTE FUNCTION zikao_guard_data_correction();
ALTER TABLE marking_dataconfirmation ENABLE ALWAYS TRIGGER guard_data_confirmation;
ALTER TABLE marking_datacorrection ENABLE ALWAYS TRIGGER guard_data_correction;
"""
_UNDO = """
DROP TRIGGER guard_data_confirmation ON marking_dataconfirmation;
DROP TRIGGER guard_data_correction ON marking_datacorrection;
DROP FUNCTION zikao_guard_data_confirmation();
DROP FUNCTION zikao_guard_data_correction();
"""


class Migration(migrations.Migration):
    dependencies = [("marking", "0004_row_security"), ("commands", "0001_row_settings")]
    operations = [
        append_only("marking_dataconfirmation"),
        row_security("marking_datacorrection"),
        row_security("marking_dataconfirmation"),
        migrations.RunSQL(_GUARDS, _UNDO),
    ]
