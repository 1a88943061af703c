-- The application reads, stages, and calls; the migrations' role may refer to scores by foreign keys and read them.
GRANT USAGE ON SCHEMA archive TO {app}, {owner};
GRANT SELECT ON archive.score, archive.staged, archive.filing_window, archive.presence TO {app};
GRANT INSERT (list_id, line, candidate_id, course_id, sitting_id, sitting_label, how, standing, value, grade, passed,
              source, evidence, version, supersedes_id, previous, recorded_at, agency_code) ON archive.staged TO {app};
GRANT SELECT (id, post, account_id, salt, cost, set_as, window_id, set_at) ON archive.segment TO {app};
GRANT SELECT (id, post, account_id, cost, asked_at), INSERT (post, account_id, salt, cost, stored_key)
    ON archive.staged_segment TO {app};
GRANT SELECT, REFERENCES ON archive.score TO {owner};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA archive FROM PUBLIC;
GRANT EXECUTE ON FUNCTION archive.digest_of, archive.digest_of_segment, archive.first_segment, archive.change_segment,
    archive.request_window, archive.present, archive.file, archive.install_segment, archive.close_window,
    archive.close_due, archive.next_head TO {app};
