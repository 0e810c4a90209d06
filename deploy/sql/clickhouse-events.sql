-- Table of the sink clickhouse with content: events. With createTable: true (the default) the sink runs this itself.
-- In a cluster: ENGINE = ReplicatedReplacingMergeTree(...), and createTable: false.
-- To delete what is old: ALTER TABLE auditveil_events MODIFY TTL toDateTime(event_time) + INTERVAL 400 DAY;
CREATE TABLE IF NOT EXISTS auditveil_events (
  event_time DateTime64(6, 'UTC'),
  received_at DateTime64(6, 'UTC'),
  cluster LowCardinality(String),
  source LowCardinality(String),
  digest String,
  audit_id Nullable(String),
  stage LowCardinality(String),
  level LowCardinality(String),
  verb LowCardinality(String),
  username Nullable(String),
  source_ips Array(LowCardinality(String)),
  user_agent Nullable(String),
  api_group LowCardinality(String),
  resource LowCardinality(String),
  subresource LowCardinality(String),
  namespace LowCardinality(String),
  name Nullable(String),
  request_uri Nullable(String),
  code Nullable(Int32),
  decision LowCardinality(String),
  rules Array(LowCardinality(String)),
  masked Nullable(Int32),
  is_stub Bool,
  policy LowCardinality(String),
  body String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(event_time)
ORDER BY (cluster, event_time, digest)
SETTINGS non_replicated_deduplication_window = 1000;
