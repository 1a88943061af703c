-- What every role meets, the archive's own too. ENABLE ALWAYS: session_replication_role does not switch them off.
CREATE FUNCTION archive.refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'archive: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['score', 'staged', 'segment', 'staged_segment', 'presence', 'commit_check'] LOOP
        EXECUTE format('CREATE TRIGGER refuse_row BEFORE UPDATE OR DELETE ON archive.%I
            FOR EACH ROW EXECUTE FUNCTION archive.refuse()', name);
        EXECUTE format('CREATE TRIGGER refuse_statement BEFORE UPDATE OR DELETE OR TRUNCATE ON archive.%I
            FOR EACH STATEMENT EXECUTE FUNCTION archive.refuse()', name);
        EXECUTE format('ALTER TABLE archive.%I ENABLE ALWAYS TRIGGER refuse_row', name);
        EXECUTE format('ALTER TABLE archive.%I ENABLE ALWAYS TRIGGER refuse_statement', name);
    END LOOP;
END $$;
CREATE TRIGGER refuse_row BEFORE DELETE ON archive.filing_window
    FOR EACH ROW EXECUTE FUNCTION archive.refuse();
CREATE TRIGGER refuse_statement BEFORE DELETE OR TRUNCATE ON archive.filing_window
    FOR EACH STATEMENT EXECUTE FUNCTION archive.refuse();
ALTER TABLE archive.filing_window ENABLE ALWAYS TRIGGER refuse_row;
ALTER TABLE archive.filing_window ENABLE ALWAYS TRIGGER refuse_statement;

-- Which posts open a window of this kind: the three custodians; for a segment, the two others and the auditor.
CREATE FUNCTION archive.posts_for(kind text, post text) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN kind = 'scores' THEN ARRAY['province-head', 'records-head', 'score-officer']
                ELSE array_remove(ARRAY['province-head', 'records-head', 'score-officer', 'auditor'], post) END
$$;

-- A window goes forward only: requested, opened (three presences), filed, closed. Nothing of it is ever rewritten.
CREATE FUNCTION archive.guard_window() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    steps constant text[] := ARRAY['opened_at', 'closes_at', 'filed_at', 'rows', 'number', 'head', 'closed_at', 'closing'];
    name text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF num_nonnulls(NEW.opened_at, NEW.filed_at, NEW.number, NEW.closed_at) > 0 THEN
            RAISE EXCEPTION 'archive: a window begins closed' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.closed_at IS NOT NULL OR to_jsonb(OLD) - steps IS DISTINCT FROM to_jsonb(NEW) - steps THEN
        RAISE EXCEPTION 'archive: a window is not rewritten' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOREACH name IN ARRAY steps LOOP
        IF to_jsonb(OLD) -> name <> 'null' AND to_jsonb(OLD) -> name IS DISTINCT FROM to_jsonb(NEW) -> name THEN
            RAISE EXCEPTION 'archive: a window is not rewritten' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    IF OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL AND (
        abs(extract(epoch FROM NEW.opened_at - clock_timestamp())) > 60
        OR NEW.closes_at IS DISTINCT FROM NEW.opened_at + make_interval(mins => NEW.minutes)
        OR NOT archive.posts_for(NEW.kind, NEW.post) <@ (
            SELECT array_agg(post::text) FROM archive.presence WHERE window_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'archive: three segments open a window' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.filed_at IS NULL AND NEW.filed_at IS NOT NULL
       AND (OLD.opened_at IS NULL OR clock_timestamp() >= OLD.closes_at) THEN
        RAISE EXCEPTION 'archive: the window is not open' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_window BEFORE INSERT OR UPDATE ON archive.filing_window
    FOR EACH ROW EXECUTE FUNCTION archive.guard_window();
ALTER TABLE archive.filing_window ENABLE ALWAYS TRIGGER guard_window;

-- Whoever inserts: the rows belong to one open window, are exactly the list whose digest it names, and follow their
-- earlier versions. FOR SHARE keeps the window from closing before this transaction ends; where it closed since this
-- transaction's snapshot, PostgreSQL itself refuses (READ COMMITTED sees the close, REPEATABLE READ cannot serialise).
CREATE FUNCTION archive.guard_scores() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found archive.filing_window;
    digest bytea;
    sound boolean;
BEGIN
    IF (SELECT count(*) <> 1 FROM (SELECT DISTINCT window_id FROM fresh LIMIT 2) each) THEN
        RAISE EXCEPTION 'archive: scores enter by one window' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO found FROM archive.filing_window WHERE id = (SELECT window_id FROM fresh LIMIT 1) FOR SHARE;
    IF found.id IS NULL OR found.kind <> 'scores' OR found.opened_at IS NULL OR found.filed_at IS NOT NULL
       OR found.closed_at IS NOT NULL OR clock_timestamp() >= found.closes_at THEN
        RAISE EXCEPTION 'archive: no open window' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT sha256(string_agg(leaf, ''::bytea ORDER BY line)),
           bool_and(list_id = found.list_id AND leaf = {leaf}) INTO digest, sound FROM fresh AS row;
    IF digest IS DISTINCT FROM found.digest OR sound IS NOT TRUE THEN
        RAISE EXCEPTION 'archive: not the list that was authorised' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (
        SELECT FROM fresh LEFT JOIN archive.score earlier ON earlier.id = fresh.supersedes_id
         WHERE fresh.version > 1 AND (
            earlier.id IS NULL OR earlier.version <> fresh.version - 1 OR earlier.leaf <> fresh.previous
            OR (earlier.candidate_id, earlier.course_id, earlier.sitting_label, earlier.how)
               IS DISTINCT FROM (fresh.candidate_id, fresh.course_id, fresh.sitting_label, fresh.how))
    ) THEN
        RAISE EXCEPTION 'archive: not the next version' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO archive.commit_check (window_id, turn) VALUES (found.id, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER guard_scores AFTER INSERT ON archive.score REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION archive.guard_scores();
ALTER TABLE archive.score ENABLE ALWAYS TRIGGER guard_scores;

-- At commit, by the database's clock. SET CONSTRAINTS ALL IMMEDIATE fires it early: it then asks again at the next turn,
-- until a turn that a bare COMMIT fires; a transaction that ends otherwise (PREPARE TRANSACTION, a list of statements)
-- runs out of turns and is refused.
CREATE FUNCTION archive.commit_in_time() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF clock_timestamp() >= (SELECT closes_at FROM archive.filing_window WHERE id = NEW.window_id) THEN
        RAISE EXCEPTION 'archive: the window closed before the commit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF current_query() ~* '^\s*(commit|end)(\s+(work|transaction))?\s*;?\s*$' THEN
        RETURN NULL;
    END IF;
    IF NEW.turn >= 20 THEN
        RAISE EXCEPTION 'archive: a filing is committed by COMMIT alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SET CONSTRAINTS archive.commit_in_time DEFERRED;
    INSERT INTO archive.commit_check (window_id, turn) VALUES (NEW.window_id, NEW.turn + 1);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER commit_in_time AFTER INSERT ON archive.commit_check DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION archive.commit_in_time();
ALTER TABLE archive.commit_check ENABLE ALWAYS TRIGGER commit_in_time;
