-- Table of the sink postgresql with content: findings. With createTable: true (the default) the sink runs this itself.
CREATE TABLE IF NOT EXISTS "auditveil_findings" (
  "time" timestamptz NOT NULL,
  "cluster" text NOT NULL,
  "id" text NOT NULL,
  "revision" integer,
  "rule_id" text,
  "rule_name" text,
  "severity" text,
  "tags" text[],
  "username" text,
  "verb" text,
  "resource" text,
  "namespace" text,
  "name" text,
  "source_ips" text[],
  "user_agent" text,
  "code" integer,
  "audit_id" text,
  "count" integer,
  "body" jsonb NOT NULL,
  PRIMARY KEY ("cluster", "id")
);
CREATE INDEX IF NOT EXISTS "auditveil_findings_time" ON "auditveil_findings" ("time");
