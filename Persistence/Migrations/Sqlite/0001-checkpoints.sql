-- Checkpoints. Parts with the same content share one blob, whose compressed bytes lie in chunks: neither database holds a
-- gibibyte in one value.
CREATE TABLE checkpoint (
  number INTEGER PRIMARY KEY AUTOINCREMENT, -- in the order in which they were saved, whatever the clock said
  id TEXT NOT NULL UNIQUE,
  scenario TEXT NOT NULL,
  variant TEXT NOT NULL,
  seed TEXT NOT NULL,                       -- decimal: SQL has no unsigned 64 bits
  at_ps INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  digest TEXT NOT NULL,
  program TEXT NOT NULL,
  saved_at_ms INTEGER NOT NULL              -- since 1970, UTC
);

CREATE TABLE blob (
  number INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,              -- of the content before it was compressed
  bytes INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL
);

CREATE TABLE chunk (
  blob INTEGER NOT NULL REFERENCES blob (number) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  content BLOB NOT NULL,                    -- all of a blob in order: raw DEFLATE
  PRIMARY KEY (blob, ordinal)
);

CREATE TABLE part (
  checkpoint INTEGER NOT NULL REFERENCES checkpoint (number) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  blob INTEGER NOT NULL REFERENCES blob (number),
  PRIMARY KEY (checkpoint, ordinal)
);

CREATE INDEX part_blob ON part (blob);
