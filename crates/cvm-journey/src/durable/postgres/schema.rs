//! The tables.

/// How tables of this release are laid out.
pub(super) const LAYOUT: i32 = 1;

/// What is set for each connection: where the tables are; and that a commit that was answered is on the disk, where the
/// server would leave it open.
pub(super) fn session(schema: &str) -> String {
    format!(
        "SET search_path TO \"{schema}\"; \
         SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
}

/// Workers that begin at once wait for each other until the commit.
pub(super) fn lock(schema: &str) -> String {
    format!("SELECT pg_advisory_xact_lock(hashtext('cvm journeys {schema}'))")
}

/// Makes the tables.
pub(super) fn create(schema: &str) -> String {
    format!(
        "CREATE SCHEMA IF NOT EXISTS \"{schema}\";
CREATE TABLE layout (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version int NOT NULL,
    partitions int NOT NULL
);
CREATE TABLE workers (
    worker text PRIMARY KEY,
    seen timestamptz NOT NULL
);
CREATE TABLE partitions (
    partition int PRIMARY KEY,
    fence bigint NOT NULL DEFAULT 0,
    worker text,
    held_until timestamptz,
    begins bigint NOT NULL DEFAULT 0,
    ends bigint NOT NULL DEFAULT 0
);
CREATE TABLE log (
    partition int NOT NULL REFERENCES partitions,
    first bigint NOT NULL,
    many int NOT NULL,
    format int NOT NULL,
    semantics int NOT NULL,
    tzdb text NOT NULL,
    written timestamptz NOT NULL DEFAULT clock_timestamp(),
    frame bytea NOT NULL,
    PRIMARY KEY (partition, first)
);
ALTER TABLE log ALTER COLUMN frame SET STORAGE EXTERNAL;
CREATE TABLE snapshots (
    partition int NOT NULL REFERENCES partitions,
    records bigint NOT NULL,
    format int NOT NULL,
    semantics int NOT NULL,
    tzdb text NOT NULL,
    written timestamptz NOT NULL DEFAULT clock_timestamp(),
    bytes bigint NOT NULL,
    crc32 bigint NOT NULL,
    PRIMARY KEY (partition, records)
);
CREATE TABLE snapshot_pieces (
    partition int NOT NULL,
    records bigint NOT NULL,
    piece int NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (partition, records, piece),
    FOREIGN KEY (partition, records) REFERENCES snapshots ON DELETE CASCADE
);
CREATE TABLE letters (
    partition int NOT NULL REFERENCES partitions,
    letter bigint GENERATED ALWAYS AS IDENTITY,
    posted timestamptz NOT NULL DEFAULT clock_timestamp(),
    content bytea NOT NULL,
    PRIMARY KEY (partition, letter)
);
CREATE TABLE unread_letters (
    partition int NOT NULL,
    letter bigint NOT NULL,
    posted timestamptz NOT NULL,
    content bytea NOT NULL,
    why text NOT NULL,
    PRIMARY KEY (partition, letter)
);"
    )
}

/// Whether a name can be that of a schema without being another one in quotes.
pub(super) fn allowed(schema: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    schema.len() <= 63
        && schema.starts_with(plain)
        && schema.chars().all(|letter| plain(letter) || letter.is_ascii_digit())
}
