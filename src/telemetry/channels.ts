import type { Meter } from '@opentelemetry/api';
import type { Reading, Readings } from './readings.ts';

interface Channel {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly about: string;
  readonly read: (readings: Readings) => readonly Reading[];
}

/** Every metric of the program: name, meaning and labels in one list. */
export const channels: readonly Channel[] = [
  {
    name: 'auditveil_events_received_total',
    type: 'counter',
    about: 'Audit events received. Label: source.',
    read: (r) => r.eventsReceived(),
  },
  {
    name: 'auditveil_values_masked_total',
    type: 'counter',
    about: 'Values masked. Labels: kind, action.',
    read: (r) => r.valuesMasked(),
  },
  {
    name: 'auditveil_stubs_total',
    type: 'counter',
    about: 'Events that could not be masked safely and became stubs. Label: reason.',
    read: (r) => r.stubs(),
  },
  {
    name: 'auditveil_left_out_total',
    type: 'counter',
    about: 'Parts of the input that are no audit events and were left out. Labels: source, reason.',
    read: (r) => r.leftOut(),
  },
  {
    name: 'auditveil_findings_total',
    type: 'counter',
    about: 'Findings, revisions included. Labels: rule, severity.',
    read: (r) => r.findings(),
  },
  {
    name: 'auditveil_findings_hidden_total',
    type: 'counter',
    about: 'Matches that exceptions hid. Label: rule.',
    read: (r) => r.findingsHidden(),
  },
  {
    name: 'auditveil_repeats_total',
    type: 'counter',
    about: 'Events left out because the same content came before.',
    read: (r) => r.repeats(),
  },
  {
    name: 'auditveil_records_appended_total',
    type: 'counter',
    about: 'Records made durable. Label: log.',
    read: (r) => r.recordsAppended(),
  },
  {
    name: 'auditveil_append_retries_total',
    type: 'counter',
    about: 'Appends that failed and were tried again. Label: code.',
    read: (r) => r.appendRetries(),
  },
  {
    name: 'auditveil_source_notices_total',
    type: 'counter',
    about: 'Rotations, truncations and faults met by sources. Labels: source, notice.',
    read: (r) => r.sourceNotices(),
  },
  {
    name: 'auditveil_log_losses_total',
    type: 'counter',
    about: 'Parts of a log found missing or damaged. Labels: log, kind.',
    read: (r) => r.logLosses(),
  },
  {
    name: 'auditveil_sink_records_total',
    type: 'counter',
    about:
      'Records of sinks. Labels: sink, result (delivered, rejected, skipped, muted, silenced; errored: refused for the moment, counted at each attempt).',
    read: (r) => r.sinkRecords(),
  },
  {
    name: 'auditveil_sink_retries_total',
    type: 'counter',
    about: 'Attempts of sinks that failed and are made again. Labels: sink, code.',
    read: (r) => r.sinkRetries(),
  },
  {
    name: 'auditveil_sink_breaker',
    type: 'gauge',
    about: 'Circuit breaker of a sink: 0 closed, 1 half-open (one attempt is made), 2 open (nothing is sent). Label: sink.',
    read: (r) => r.sinkBreaker(),
  },
  {
    name: 'auditveil_sink_behind_bytes',
    type: 'gauge',
    about: 'Bytes of its log that a sink has not got yet. Label: sink.',
    read: (r) => r.sinkBehindBytes(),
  },
  {
    name: 'auditveil_sink_age_seconds',
    type: 'gauge',
    about: 'Time since the oldest record that a sink is trying to deliver was received; 0 where there is none. Label: sink.',
    read: (r) => r.sinkAgeSeconds(),
  },
  {
    name: 'auditveil_transport_lag_messages',
    type: 'gauge',
    about:
      'Messages of a partition that this worker has and has not worked on, as of its last fetch. Labels: reader (transport: the events; transport.matches: what rules over several events need), partition.',
    read: (r) => r.transportLag(),
  },
  {
    name: 'auditveil_transport_joined',
    type: 'gauge',
    about: '1 while a reader of this worker is a member of its consumer group, else 0. Label: reader.',
    read: (r) => r.transportJoined(),
  },
  {
    name: 'auditveil_correlation_state',
    type: 'gauge',
    about: 'What correlations remember. Label: what (groups, entries).',
    read: (r) => r.correlationState(),
  },
  {
    name: 'auditveil_correlation_losses_total',
    type: 'counter',
    about:
      'What correlations could not keep exactly: groups evicted, entries dropped, events too late, values judged by an estimate. Label: kind.',
    read: (r) => r.correlationLosses(),
  },
  {
    name: 'auditveil_selftest_failures_total',
    type: 'counter',
    about: 'Times the masking self-test found its own secrets unmasked.',
    read: (r) => r.selfTestFailures(),
  },
  {
    name: 'auditveil_workers_ended_total',
    type: 'counter',
    about: 'Worker threads that died and were replaced.',
    read: (r) => r.workersEnded(),
  },
  {
    name: 'auditveil_requests_total',
    type: 'counter',
    about: 'Requests of senders. Labels: source, status (0: no answer), reason.',
    read: (r) => r.requests(),
  },
  {
    name: 'auditveil_request_bytes_total',
    type: 'counter',
    about: 'Bytes of request bodies, as sent. Label: source.',
    read: (r) => r.requestBytes(),
  },
  {
    name: 'auditveil_disconnections_total',
    type: 'counter',
    about: 'Connections that ended before there was a request to answer. Labels: source, reason.',
    read: (r) => r.disconnections(),
  },
  {
    name: 'auditveil_receiver_state',
    type: 'gauge',
    about: 'What a receiver has open now. Labels: source, what (connections, requests, bytes).',
    read: (r) => r.receiverState(),
  },
  { name: 'auditveil_log_bytes', type: 'gauge', about: 'Size of a log on disk. Label: log.', read: (r) => r.logBytes() },
  {
    name: 'auditveil_log_full',
    type: 'gauge',
    about: '1 while a log refuses to take more. Label: log.',
    read: (r) => r.logFull(),
  },
  {
    name: 'auditveil_log_held',
    type: 'gauge',
    about: '1 while something keeps retention from deleting records of a log. Labels: log, by (reader, hold, retention).',
    read: (r) => r.logHeld(),
  },
  {
    name: 'auditveil_vault_values_total',
    type: 'counter',
    about:
      'New values for the vault. Label: result (sealed; dropped: too long, or too many waited; retried: could not be written yet).',
    read: (r) => r.vault?.() ?? [],
  },
  {
    name: 'auditveil_source_silent_seconds',
    type: 'gauge',
    about: 'Time since the last event of a source, or since the start. Label: source.',
    read: (r) => r.silences(),
  },
  {
    name: 'auditveil_certificate_end_seconds',
    type: 'gauge',
    about: 'When a certificate ends, seconds since the epoch. Labels: source, certificate (server, client-authority).',
    read: (r) => r.certificates(),
  },
  {
    name: 'auditveil_web_requests_total',
    type: 'counter',
    about: 'Requests of the page and its API. Labels: call, status.',
    read: (r) => r.web?.requests() ?? [],
  },
  {
    name: 'auditveil_web_state',
    type: 'gauge',
    about: 'What the page and its API hold now. Label: what (streams, sessions, findings, questions).',
    read: (r) => r.web?.state() ?? [],
  },
  {
    name: 'auditveil_web_losses_total',
    type: 'counter',
    about:
      'Limits of the page and its API that were reached. Label: kind (stalled: a stream whose client took nothing; refused: a stream too many; logins: wrong tokens; findings: left for newer ones).',
    read: (r) => r.web?.losses() ?? [],
  },
  {
    name: 'auditveil_lag_seconds',
    type: 'gauge',
    about: 'Age of the newest event when it became durable. Label: source.',
    read: (r) => r.lagSeconds(),
  },
];

/** Seconds. From one synced write to the 30 s after which kube-apiserver gives up. */
const answerBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** Makes the instruments; they read when a scrape asks. */
export function createInstruments(meter: Meter, readings: Readings): void {
  const answers = meter.createHistogram('auditveil_answer_seconds', {
    description: 'Time from the header of a request to its answer, of requests answered 200. Label: source.',
    advice: { explicitBucketBoundaries: [...answerBuckets] },
  });
  readings.onAnswer((seconds, labels) => answers.record(seconds, labels));
  for (const { name, type, about, read } of channels) {
    const options = { description: about };
    const instrument =
      type === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
    instrument.addCallback((result) => {
      for (const { value, labels } of read(readings)) result.observe(value, labels);
    });
  }
}
