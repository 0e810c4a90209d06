#!/bin/bash
# Runs the broker of docker-compose.yml, whose first start makes the user for agents and workers; or, with `topics`, makes the topics.
set -euo pipefail
bin=${KAFKA_BIN:-/opt/kafka/bin}
config=${KAFKA_CONFIG:-/etc/auditveil/kafka.properties}

if [ "${1:-}" = topics ]; then
  # make NAME PARTITIONS RETENTION_MS
  make() {
    "$bin/kafka-topics.sh" --bootstrap-server 127.0.0.1:9094 --create --if-not-exists --topic "$1" \
      --partitions "$2" --replication-factor 1 --config "retention.ms=$3"
  }
  make auditveil-events 6 259200000
  # Rules over several events: one worker keeps their windows, and makes them again from here (docs/kafka.md).
  make auditveil-matches 1 -1
  exit 0
fi

: "${KAFKA_PASSWORD:?is missing in .env}"
case $KAFKA_PASSWORD in
  *[!A-Za-z0-9._-]*) echo 'KAFKA_PASSWORD may hold letters, digits, dots, dashes and underscores only' >&2; exit 1 ;;
esac
if [ ${#KAFKA_PASSWORD} -lt 16 ]; then echo 'KAFKA_PASSWORD needs 16 characters or more' >&2; exit 1; fi
"$bin/kafka-storage.sh" format --ignore-formatted --cluster-id QXVkaXR2ZWlsQ29tcG9zZQ --config "$config" \
  --add-scram "SCRAM-SHA-512=[name=auditveil,password=$KAFKA_PASSWORD]"
exec "$bin/kafka-server-start.sh" "$config"
