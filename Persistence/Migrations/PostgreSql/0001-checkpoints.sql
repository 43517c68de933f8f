-- Checkpoints. Parts with the same content share one blob, whose compressed bytes lie in chunks: neither database holds a
-- gibibyte in one value.
CREATE TABLE checkpoint (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order in which they were saved, whatever the clock said
  id text NOT NULL UNIQUE,
  scenario text NOT NULL,
  variant text NOT NULL,
  seed text NOT NULL,                       -- decimal: SQL has no unsigned 64 bits
  at_ps bigint NOT NULL,
  fingerprint text NOT NULL,
  digest text NOT NULL,
  program text NOT NULL,
  saved_at_ms bigint NOT NULL               -- since 1970, UTC
);

CREATE TABLE blob (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256 bytea NOT NULL UNIQUE,             -- of the content before it was compressed
  bytes bigint NOT NULL,
  stored_bytes bigint NOT NULL
);

CREATE TABLE chunk (
  blob bigint NOT NULL REFERENCES blob (number) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  content bytea NOT NULL,                   -- all of a blob in order: raw DEFLATE
  PRIMARY KEY (blob, ordinal)
);

-- It is compressed already.
ALTER TABLE chunk ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE part (
  checkpoint bigint NOT NULL REFERENCES checkpoint (number) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  name text NOT NULL,
  schema_version integer NOT NULL,
  blob bigint NOT NULL REFERENCES blob (number),
  PRIMARY KEY (checkpoint, ordinal)
);

CREATE INDEX part_blob ON part (blob);
