-- Parts of checkpoints to come, which several processes write together.
CREATE TABLE staged_part (
  stage TEXT NOT NULL,
  name TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  blob INTEGER NOT NULL REFERENCES blob (number),
  PRIMARY KEY (stage, name)
);

CREATE INDEX staged_part_blob ON staged_part (blob);
