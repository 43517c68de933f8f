-- What the nodes of a cluster agree on. Texts that the engine does not look into (plan, status, reports, requests) are JSON of those who write them.
CREATE TABLE cluster (
  id TEXT NOT NULL                          -- of this database, for ever
);

INSERT INTO cluster (id) VALUES (lower(hex(randomblob(16))));

CREATE TABLE member (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  endpoint TEXT NOT NULL,
  build TEXT NOT NULL,
  threads INTEGER NOT NULL,
  state INTEGER NOT NULL,                   -- 0 alive, 1 left, 2 dead; nobody comes back to 0
  status TEXT NOT NULL,
  lease_until_ms INTEGER NOT NULL,          -- since the machine was started
  lease_boot TEXT NOT NULL DEFAULT '',      -- which start that was
  UNIQUE (name, generation)
);

CREATE UNIQUE INDEX member_alive ON member (name) WHERE state = 0;

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  build TEXT NOT NULL,
  phase INTEGER NOT NULL,                   -- 0 open, 1 done, 2 failed, 3 stopped
  epoch INTEGER NOT NULL,
  holder INTEGER REFERENCES member (id),
  lease_until_ms INTEGER NOT NULL,
  lease_boot TEXT NOT NULL DEFAULT '',
  revision INTEGER NOT NULL,
  plan TEXT NOT NULL
);

CREATE TABLE specification_chunk (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (run, ordinal)
);

CREATE TABLE run_commit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  epoch INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  holder INTEGER NOT NULL,
  what TEXT NOT NULL,
  at_ms INTEGER NOT NULL,                   -- since 1970, UTC; for people
  UNIQUE (run, revision)
);

CREATE TABLE attempt (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  job INTEGER NOT NULL,
  attempt INTEGER NOT NULL,                 -- that the job is at
  PRIMARY KEY (run, job)
);

CREATE TABLE report (
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  job INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  member INTEGER NOT NULL REFERENCES member (id),
  content TEXT NOT NULL,
  said_at_ms INTEGER NOT NULL,              -- since the machine was started
  PRIMARY KEY (run, job, attempt, member)
);

CREATE TABLE payload (
  id INTEGER PRIMARY KEY AUTOINCREMENT,     -- in the order in which they came
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  job INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  kind TEXT NOT NULL,
  member INTEGER NOT NULL REFERENCES member (id),
  number INTEGER NOT NULL,
  UNIQUE (run, job, kind, attempt, member, number)
);

CREATE TABLE payload_chunk (
  payload INTEGER NOT NULL REFERENCES payload (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (payload, ordinal)
);

CREATE TABLE request (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  request TEXT NOT NULL,
  answer TEXT
);

CREATE INDEX request_run ON request (run);
