-- What the application may call. Each is SECURITY DEFINER with a pinned search_path, names every object with its schema,
-- and trusts no argument: who presented is read from the segment, what is written from the staged rows.
CREATE FUNCTION archive.xor(a bytea, b bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    answer bytea := a;
BEGIN
    FOR place IN 0 .. length(a) - 1 LOOP
        answer := set_byte(answer, place, get_byte(a, place) # get_byte(b, place));
    END LOOP;
    RETURN answer;
END $$;

-- HMAC-SHA-256 (RFC 2104) with a key of 32 bytes.
CREATE FUNCTION archive.hmac(key bytea, message bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(archive.xor(padded, decode(repeat('5c', 64), 'hex'))
                  || sha256(archive.xor(padded, decode(repeat('36', 64), 'hex')) || message))
      FROM (SELECT key || decode(repeat('00', 32), 'hex') AS padded) each
$$;

-- The proof of RFC 5802: ClientKey XOR HMAC(StoredKey, message). It shows that the segment is known, tells nothing of
-- it to whoever reads a statement log, and is of no use for another message.
CREATE FUNCTION archive.proves(stored_key bytea, proof bytea, message text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT length(proof) = 32
       AND sha256(archive.xor(proof, archive.hmac(stored_key, convert_to(message, 'UTF8')))) = stored_key
$$;

CREATE FUNCTION archive.digest_of(list bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(string_agg({leaf}, ''::bytea ORDER BY row.line)) FROM archive.staged AS row WHERE row.list_id = list
$$;

CREATE FUNCTION archive.digest_of_segment(staged bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(ROW(id, post, account_id, encode(salt, 'hex'), cost, encode(stored_key, 'hex'))::text, 'UTF8'))
      FROM archive.staged_segment WHERE id = staged
$$;

CREATE FUNCTION archive.first_segment(for_post text, account bigint, new_salt bytea, new_cost text, new_key bytea)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    answer bigint;
BEGIN
    LOCK TABLE archive.segment IN SHARE ROW EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM archive.segment WHERE post = for_post) THEN
        RAISE EXCEPTION 'archive: this segment is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM archive.check_holder(for_post, account);
    INSERT INTO archive.segment (post, account_id, salt, cost, stored_key, set_as)
    VALUES (for_post, account, new_salt, new_cost, new_key, 'first') RETURNING id INTO answer;
    RETURN answer;
END $$;

-- One person holds one segment.
CREATE FUNCTION archive.check_holder(for_post text, account bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF account IS NULL OR EXISTS (
        SELECT FROM (SELECT DISTINCT ON (post) post, account_id FROM archive.segment ORDER BY post, id DESC) held
         WHERE held.account_id = account AND held.post <> for_post
    ) THEN
        RAISE EXCEPTION 'archive: one person holds one segment' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- A custodian changes the own segment by proving the old one over the new key.
CREATE FUNCTION archive.change_segment(for_post text, new_salt bytea, new_cost text, new_key bytea, proof bytea)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held archive.segment;
    answer bigint;
BEGIN
    LOCK TABLE archive.segment IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO held FROM archive.segment WHERE post = for_post ORDER BY id DESC LIMIT 1;
    IF held.id IS NULL OR archive.proves(held.stored_key, proof, format(
        'zikao-segment-1|%s|%s|%s|%s', held.id, encode(new_salt, 'hex'), new_cost, encode(new_key, 'hex'))) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'archive: wrong segment' USING ERRCODE = 'invalid_password';
    END IF;
    INSERT INTO archive.segment (post, account_id, salt, cost, stored_key, set_as)
    VALUES (for_post, held.account_id, new_salt, new_cost, new_key, 'changed') RETURNING id INTO answer;
    RETURN answer;
END $$;

CREATE FUNCTION archive.request_window(
    for_kind text, list bigint, for_post text, approved_digest bytea, approved_root bytea, for_minutes int, hours int,
    account bigint
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    staged bytea := CASE for_kind WHEN 'scores' THEN archive.digest_of(list) ELSE archive.digest_of_segment(list) END;
    answer bigint;
BEGIN
    IF staged IS NULL OR staged IS DISTINCT FROM approved_digest THEN
        RAISE EXCEPTION 'archive: not the list that was approved' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF for_kind = 'segment' AND NOT EXISTS (SELECT FROM archive.staged_segment WHERE id = list AND post = for_post) THEN
        RAISE EXCEPTION 'archive: not the segment that was asked for' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO archive.filing_window (kind, list_id, post, digest, root, minutes, requested_by, expires_at)
    VALUES (for_kind, list, CASE for_kind WHEN 'scores' THEN '' ELSE for_post END, approved_digest, approved_root,
            for_minutes, account, clock_timestamp() + make_interval(hours => hours)) RETURNING id INTO answer;
    RETURN answer;
END $$;

-- One custodian presents the own segment for this window. Answers how many have; the third opens it.
CREATE FUNCTION archive.present(window_number bigint, for_post text, proof bytea) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found archive.filing_window;
    held archive.segment;
    present int;
BEGIN
    SELECT * INTO found FROM archive.filing_window WHERE id = window_number FOR NO KEY UPDATE;
    IF found.id IS NULL OR found.opened_at IS NOT NULL OR found.closed_at IS NOT NULL
       OR clock_timestamp() >= found.expires_at THEN
        RAISE EXCEPTION 'archive: the window does not wait for segments' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF for_post <> ALL (archive.posts_for(found.kind, found.post)) OR for_post IS NULL THEN
        RAISE EXCEPTION 'archive: not a custodian of this window' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO held FROM archive.segment WHERE post = for_post ORDER BY id DESC LIMIT 1;
    IF held.id IS NULL OR archive.proves(held.stored_key, proof, format('zikao-archive-1|%s|%s|%s|%s|%s|%s|%s',
        found.id, found.kind, found.list_id, encode(found.digest, 'hex'), for_post, held.id, found.nonce)) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'archive: wrong segment' USING ERRCODE = 'invalid_password';
    END IF;
    INSERT INTO archive.presence (window_id, post, account_id, segment_id)
    VALUES (found.id, for_post, held.account_id, held.id);
    SELECT count(*) INTO present FROM archive.presence WHERE window_id = found.id;
    IF present = 3 THEN
        UPDATE archive.filing_window SET opened_at = moment, closes_at = moment + make_interval(mins => found.minutes)
          FROM (SELECT clock_timestamp() AS moment) each WHERE id = found.id;
    END IF;
    RETURN present;
END $$;

-- Writes exactly the staged list that the open window names, and closes the window. Answers how many rows.
CREATE FUNCTION archive.file(window_number bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found archive.filing_window;
    last archive.filing_window;
    filed bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('archive.file', 0));
    SELECT * INTO found FROM archive.filing_window WHERE id = window_number FOR NO KEY UPDATE;
    IF found.id IS NULL OR found.kind <> 'scores' OR found.opened_at IS NULL OR found.closed_at IS NOT NULL
       OR clock_timestamp() >= found.closes_at THEN
        RAISE EXCEPTION 'archive: no open window' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO archive.score (id, window_id, list_id, line, candidate_id, course_id, sitting_id, sitting_label, how,
            standing, value, grade, passed, source, evidence, version, supersedes_id, previous, recorded_at,
            agency_code, leaf)
    SELECT row.id, found.id, row.list_id, row.line, row.candidate_id, row.course_id, row.sitting_id, row.sitting_label,
           row.how, row.standing, row.value, row.grade, row.passed, row.source, row.evidence, row.version,
           row.supersedes_id, row.previous, row.recorded_at, row.agency_code, {leaf}
      FROM archive.staged AS row WHERE row.list_id = found.list_id ORDER BY row.line;
    GET DIAGNOSTICS filed = ROW_COUNT;
    SELECT * INTO last FROM archive.filing_window WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1;
    UPDATE archive.filing_window SET filed_at = clock_timestamp(), rows = filed, number = coalesce(last.number, 0) + 1,
           head = archive.next_head(last.head, found.id, found.digest, filed, found.root),
           closed_at = clock_timestamp(), closing = 'filed'
     WHERE id = found.id;
    RETURN filed;
END $$;

-- The windows are chained: each head covers the one before, the window's digest, its SM3 root and its count.
CREATE FUNCTION archive.next_head(before bytea, window_number bigint, digest bytea, filed bigint, root bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(coalesce(before, ''::bytea) || convert_to(format('|%s|%s|%s|%s', window_number, encode(digest, 'hex'),
                  filed, encode(root, 'hex')), 'UTF8'))
$$;

-- Installs the segment that the open window names, and closes the window.
CREATE FUNCTION archive.install_segment(window_number bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found archive.filing_window;
    asked archive.staged_segment;
    answer bigint;
BEGIN
    LOCK TABLE archive.segment IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO found FROM archive.filing_window WHERE id = window_number FOR NO KEY UPDATE;
    IF found.id IS NULL OR found.kind <> 'segment' OR found.opened_at IS NULL OR found.closed_at IS NOT NULL
       OR clock_timestamp() >= found.closes_at OR archive.digest_of_segment(found.list_id) <> found.digest THEN
        RAISE EXCEPTION 'archive: no open window' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT * INTO asked FROM archive.staged_segment WHERE id = found.list_id;
    PERFORM archive.check_holder(asked.post, asked.account_id);
    INSERT INTO archive.segment (post, account_id, salt, cost, stored_key, set_as, window_id)
    VALUES (asked.post, asked.account_id, asked.salt, asked.cost, asked.stored_key, 'reissued', found.id)
    RETURNING id INTO answer;
    UPDATE archive.filing_window SET filed_at = clock_timestamp(), rows = 1, closed_at = clock_timestamp(),
           closing = 'filed' WHERE id = found.id;
    RETURN answer;
END $$;

-- Closing waits for whoever is writing: their FOR SHARE on the window's row ends with their transaction.
CREATE FUNCTION archive.close_window(window_number bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found archive.filing_window;
BEGIN
    SELECT * INTO found FROM archive.filing_window WHERE id = window_number FOR UPDATE;
    IF found.id IS NULL OR found.closed_at IS NOT NULL THEN
        RETURN false;
    END IF;
    UPDATE archive.filing_window SET closed_at = clock_timestamp(), closing =
        CASE WHEN clock_timestamp() >= coalesce(found.closes_at, found.expires_at) THEN 'expired' ELSE 'withdrawn' END
     WHERE id = found.id;
    RETURN true;
END $$;

-- Past their time: sessions that still write are ended, the windows closed. Answers how many windows.
CREATE FUNCTION archive.close_due() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due bigint[];
    closed int := 0;
BEGIN
    SELECT array_agg(id ORDER BY id) INTO due FROM archive.filing_window
     WHERE closed_at IS NULL AND clock_timestamp() >= coalesce(closes_at, expires_at);
    IF due IS NULL THEN
        RETURN 0;
    END IF;
    IF NOT EXISTS (SELECT FROM archive.filing_window WHERE closed_at IS NULL AND clock_timestamp() < closes_at) THEN
        BEGIN
            PERFORM pg_terminate_backend(pid) FROM pg_locks
             WHERE locktype = 'relation' AND relation = 'archive.score'::regclass AND mode = 'RowExclusiveLock'
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND granted AND pid <> pg_backend_pid();
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'archive: may not end sessions; grant pg_signal_backend to the archive''s role';
        END;
    END IF;
    FOR place IN 1 .. array_length(due, 1) LOOP
        closed := closed + archive.close_window(due[place])::int;
    END LOOP;
    RETURN closed;
END $$;
