"""What row-wise foreign keys would ensure, checked for all new seats together; and seats change no more.

A seat's entry is paid, of its paper and unit; its room exists, lies in the entry's area and has that number; its
draw is about to be drawn. The entries of a closed list cannot change (entries 0002), rooms with seats cannot go or shrink, commitments
only gain their secret.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION seating_check_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told bigint; found bigint;
BEGIN
    SELECT count(*) INTO told FROM new_seats;
    SELECT count(*) INTO found FROM new_seats s
        JOIN entries_entry e ON e.id = s.entry_id AND e.state = 'paid' AND e.paper_id = s.paper_id
            AND e.unit_id = s.unit_id
        JOIN agencies_room r ON r.id = s.room_id AND r.seats >= s.number
        JOIN agencies_site g ON g.id = r.site_id AND g.agency_code = s.agency_code
        JOIN agencies_agency a ON a.id = g.area_id AND a.code = e.area_code;
    IF told <> found THEN
        RAISE EXCEPTION 'seats that fit no entry or no room: %', told - found USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT draw_id FROM new_seats) s
        LEFT JOIN seating_draw d ON d.id = s.draw_id WHERE d.state IS DISTINCT FROM 'revealed'
    ) THEN
        RAISE EXCEPTION 'seats outside a draw' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER seating_check_new AFTER INSERT ON seating_seat
    REFERENCING NEW TABLE AS new_seats FOR EACH STATEMENT EXECUTE FUNCTION seating_check_new();

CREATE FUNCTION seating_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a drawn seat does not change' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER seating_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON seating_seat
    FOR EACH STATEMENT EXECUTE FUNCTION seating_refuse();
ALTER TABLE seating_seat ENABLE ALWAYS TRIGGER seating_fixed;

CREATE FUNCTION seating_keep_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM seating_seat WHERE room_id = OLD.id) THEN
        RAISE EXCEPTION 'the room has seats of a draw' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER seating_keep_room BEFORE DELETE ON agencies_room
    FOR EACH ROW EXECUTE FUNCTION seating_keep_room();

CREATE FUNCTION seating_keep_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.secret IS NOT NULL OR NEW.digest <> OLD.digest OR NEW.draw_id <> OLD.draw_id
        OR NEW."order" <> OLD."order" OR NEW.official_account_id <> OLD.official_account_id
        OR NEW.committed_at <> OLD.committed_at
    THEN
        RAISE EXCEPTION 'a commitment does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seating_keep_commitment BEFORE UPDATE OR DELETE ON seating_commitment
    FOR EACH ROW EXECUTE FUNCTION seating_keep_commitment();
ALTER TABLE seating_commitment ENABLE ALWAYS TRIGGER seating_keep_commitment;
"""
UNGUARD = """
DROP TRIGGER seating_keep_commitment ON seating_commitment;
DROP TRIGGER seating_keep_room ON agencies_room;
DROP TRIGGER seating_fixed ON seating_seat;
DROP TRIGGER seating_check_new ON seating_seat;
DROP FUNCTION seating_keep_commitment(), seating_keep_room(), seating_refuse(), seating_check_new();
"""


class Migration(migrations.Migration):
    dependencies = [("seating", "0001_initial"), ("entries", "0002_frozen")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
