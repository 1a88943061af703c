-- The score archive (SR-A1.8 to A1.10). Every object here belongs to the archive's own role, which cannot log in.
-- Nothing outside this schema is read or called by its functions: what another role owns, another role could replace.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A change list's rows, waiting to be approved; the id of a staged row becomes the id of the score.
CREATE TABLE archive.staged (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_id bigint NOT NULL,
    line integer NOT NULL CHECK (line >= 1),
    candidate_id bigint NOT NULL,
    course_id bigint NOT NULL,
    sitting_id bigint,
    sitting_label varchar(7) NOT NULL,
    how varchar(12) NOT NULL,
    standing varchar(8) NOT NULL,
    value smallint,
    grade varchar(8) NOT NULL DEFAULT '',
    passed boolean NOT NULL,
    source varchar(120) NOT NULL,
    evidence varchar(64) NOT NULL DEFAULT '',
    version smallint NOT NULL DEFAULT 1,
    supersedes_id bigint,
    previous bytea,
    recorded_at timestamptz NOT NULL,
    agency_code varchar(12) COLLATE "C" NOT NULL,
    UNIQUE (list_id, line)
);

-- Who holds which segment; the newest row of a post counts. stored_key is SHA-256 of a key derived slowly from the segment.
CREATE TABLE archive.segment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    post varchar(20) NOT NULL CHECK (post IN ('province-head', 'records-head', 'score-officer', 'auditor')),
    account_id bigint NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) >= 16),
    cost varchar(60) NOT NULL,
    stored_key bytea NOT NULL CHECK (length(stored_key) = 32),
    set_as varchar(8) NOT NULL CHECK (set_as IN ('first', 'changed', 'reissued')),
    window_id bigint,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A segment asked for anew; it counts only once three people have opened a window for exactly this row.
CREATE TABLE archive.staged_segment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    post varchar(20) NOT NULL CHECK (post IN ('province-head', 'records-head', 'score-officer', 'auditor')),
    account_id bigint NOT NULL,
    salt bytea NOT NULL CHECK (length(salt) >= 16),
    cost varchar(60) NOT NULL,
    stored_key bytea NOT NULL CHECK (length(stored_key) = 32),
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE archive.filing_window (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind varchar(8) NOT NULL CHECK (kind IN ('scores', 'segment')),
    list_id bigint NOT NULL,
    post varchar(20) NOT NULL DEFAULT '',
    digest bytea NOT NULL CHECK (length(digest) = 32),
    root bytea NOT NULL CHECK (length(root) = 32),
    nonce uuid NOT NULL DEFAULT gen_random_uuid(),
    minutes smallint NOT NULL CHECK (minutes BETWEEN 1 AND 240),
    requested_by bigint,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL,
    opened_at timestamptz,
    closes_at timestamptz,
    filed_at timestamptz,
    rows bigint,
    number bigint UNIQUE,
    head bytea,
    closed_at timestamptz,
    closing varchar(10) CHECK (closing IN ('filed', 'expired', 'withdrawn')),
    CHECK ((opened_at IS NULL) = (closes_at IS NULL)),
    CHECK ((filed_at IS NULL) = (rows IS NULL)),
    CHECK ((number IS NULL) = (head IS NULL)),
    CHECK ((closed_at IS NULL) = (closing IS NULL)),
    CHECK (expires_at <= requested_at + interval '3 days')
);
CREATE UNIQUE INDEX one_live_window ON archive.filing_window (kind, list_id) WHERE closed_at IS NULL;

CREATE TABLE archive.presence (
    window_id bigint NOT NULL REFERENCES archive.filing_window (id),
    post varchar(20) NOT NULL,
    account_id bigint NOT NULL,
    segment_id bigint NOT NULL REFERENCES archive.segment (id),
    presented_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (window_id, post),
    UNIQUE (window_id, account_id)
);

CREATE TABLE archive.score (
    id bigint PRIMARY KEY,
    window_id bigint NOT NULL,
    list_id bigint NOT NULL,
    line integer NOT NULL,
    candidate_id bigint NOT NULL CONSTRAINT score_candidate REFERENCES public.candidates_candidate (id),
    course_id bigint NOT NULL CONSTRAINT score_course REFERENCES public.programmes_course (id),
    sitting_id bigint CONSTRAINT score_sitting REFERENCES public.programmes_sitting (id),
    sitting_label varchar(7) NOT NULL,
    how varchar(12) NOT NULL CONSTRAINT score_how
        CHECK (how IN ('written', 'practice', 'thesis', 'exemption', 'transfer')),
    standing varchar(8) NOT NULL CONSTRAINT score_standing CHECK (standing IN ('valid', 'absent', 'void')),
    value smallint CONSTRAINT score_at_most_100 CHECK (value BETWEEN 0 AND 100),
    grade varchar(8) NOT NULL,
    passed boolean NOT NULL,
    source varchar(120) NOT NULL,
    evidence varchar(64) NOT NULL,
    version smallint NOT NULL,
    supersedes_id bigint CONSTRAINT superseded_once UNIQUE CONSTRAINT supersedes_a_score REFERENCES archive.score (id),
    previous bytea,
    recorded_at timestamptz NOT NULL,
    agency_code varchar(12) COLLATE "C" NOT NULL,
    leaf bytea NOT NULL,
    CONSTRAINT score_once_a_version UNIQUE (candidate_id, course_id, sitting_label, how, version),
    CONSTRAINT valid_score_says_what CHECK (standing <> 'valid' OR value IS NOT NULL OR grade <> ''),
    CONSTRAINT only_valid_scores_pass CHECK (standing = 'valid' OR NOT passed),
    CONSTRAINT later_versions_name_the_earlier CHECK (
        version = 1 AND supersedes_id IS NULL AND previous IS NULL
        OR version > 1 AND supersedes_id IS NOT NULL AND length(previous) = 32)
);
CREATE INDEX score_by_agency ON archive.score (agency_code, sitting_id);
CREATE INDEX score_by_sitting ON archive.score (sitting_id);
CREATE INDEX score_by_window ON archive.score (window_id, line);

-- One row a filing and turn; its deferred trigger holds every commit against the window's end.
CREATE TABLE archive.commit_check (
    window_id bigint NOT NULL REFERENCES archive.filing_window (id),
    turn smallint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (window_id, turn)
);
