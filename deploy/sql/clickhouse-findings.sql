-- Table of the sink clickhouse with content: findings. With createTable: true (the default) the sink runs this itself.
-- In a cluster: ENGINE = ReplicatedReplacingMergeTree(..., revision), and createTable: false.
-- To delete what is old: ALTER TABLE auditveil_findings MODIFY TTL toDateTime(time) + INTERVAL 400 DAY;
CREATE TABLE IF NOT EXISTS auditveil_findings (
  time DateTime64(6, 'UTC'),
  cluster LowCardinality(String),
  id String,
  revision Int32,
  rule_id LowCardinality(String),
  rule_name LowCardinality(String),
  severity LowCardinality(String),
  tags Array(LowCardinality(String)),
  username Nullable(String),
  verb LowCardinality(String),
  resource LowCardinality(String),
  namespace LowCardinality(String),
  name Nullable(String),
  source_ips Array(LowCardinality(String)),
  user_agent Nullable(String),
  code Nullable(Int32),
  audit_id Nullable(String),
  count Nullable(Int32),
  body String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (cluster, id)
SETTINGS non_replicated_deduplication_window = 1000;
