-- Parts of checkpoints to come, which several processes write together.
CREATE TABLE staged_part (
  stage text NOT NULL,
  name text NOT NULL,
  schema_version integer NOT NULL,
  blob bigint NOT NULL REFERENCES blob (number),
  PRIMARY KEY (stage, name)
);

CREATE INDEX staged_part_blob ON staged_part (blob);
