-- What the nodes of a cluster agree on. Texts that the engine does not look into (plan, status, reports, requests) are JSON of those who write them.
CREATE TABLE cluster (
  id text NOT NULL                          -- of this database, for ever
);

INSERT INTO cluster (id) VALUES (replace(gen_random_uuid()::text, '-', ''));

CREATE TABLE member (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  generation integer NOT NULL,
  endpoint text NOT NULL,
  build text NOT NULL,
  threads integer NOT NULL,
  state integer NOT NULL,                   -- 0 alive, 1 left, 2 dead; nobody comes back to 0
  status text NOT NULL,
  lease_until_ms bigint NOT NULL,           -- since 1970, UTC
  UNIQUE (name, generation)
);

CREATE UNIQUE INDEX member_alive ON member (name) WHERE state = 0;

CREATE TABLE run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  build text NOT NULL,
  phase integer NOT NULL,                   -- 0 open, 1 done, 2 failed, 3 stopped
  epoch bigint NOT NULL,
  holder bigint REFERENCES member (id),
  lease_until_ms bigint NOT NULL,
  revision bigint NOT NULL,
  plan text NOT NULL
);

CREATE TABLE specification_chunk (
  run bigint NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (run, ordinal)
);

CREATE TABLE run_commit (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run bigint NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  epoch bigint NOT NULL,
  revision bigint NOT NULL,
  holder bigint NOT NULL,
  what text NOT NULL,
  at_ms bigint NOT NULL,                    -- since 1970, UTC; for people
  UNIQUE (run, revision)
);

CREATE TABLE attempt (
  run bigint NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  job integer NOT NULL,
  attempt integer NOT NULL,                 -- that the job is at
  PRIMARY KEY (run, job)
);

CREATE TABLE report (
  run bigint NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  job integer NOT NULL,
  attempt integer NOT NULL,
  member bigint NOT NULL REFERENCES member (id),
  content text NOT NULL,
  said_at_ms bigint NOT NULL,               -- since 1970, UTC
  PRIMARY KEY (run, job, attempt, member)
);

CREATE TABLE payload (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in the order in which they came
  run bigint NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  job integer NOT NULL,
  attempt integer NOT NULL,
  kind text NOT NULL,
  member bigint NOT NULL REFERENCES member (id),
  number bigint NOT NULL,
  UNIQUE (run, job, kind, attempt, member, number)
);

CREATE TABLE payload_chunk (
  payload bigint NOT NULL REFERENCES payload (id) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (payload, ordinal)
);

CREATE TABLE request (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run bigint NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  request text NOT NULL,
  answer text
);

CREATE INDEX request_run ON request (run);

-- Whoever waits is woken when a change is there to be seen. A lease that is renewed changes nothing.
CREATE FUNCTION wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('trapline', '');
  RETURN NULL;
END
$$;

CREATE TRIGGER member_joined AFTER INSERT ON member FOR EACH ROW EXECUTE FUNCTION wake();
CREATE TRIGGER member_changed AFTER UPDATE ON member FOR EACH ROW
  WHEN (old.state <> new.state OR old.status <> new.status) EXECUTE FUNCTION wake();
CREATE TRIGGER run_submitted AFTER INSERT ON run FOR EACH ROW EXECUTE FUNCTION wake();
CREATE TRIGGER run_changed AFTER UPDATE ON run FOR EACH ROW
  WHEN (old.revision <> new.revision) EXECUTE FUNCTION wake();
CREATE TRIGGER report_made AFTER INSERT OR UPDATE ON report FOR EACH STATEMENT EXECUTE FUNCTION wake();
CREATE TRIGGER payload_left AFTER INSERT ON payload FOR EACH STATEMENT EXECUTE FUNCTION wake();
CREATE TRIGGER request_made AFTER INSERT OR UPDATE ON request FOR EACH STATEMENT EXECUTE FUNCTION wake();
