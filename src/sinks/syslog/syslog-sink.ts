import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { Finding, Severity } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { eventRow } from '../shared/event-row.ts';
import { microsecondsOf } from '../shared/finding-row.ts';
import { onOneLine } from './structured-data.ts';
import { type MessageOptions, type SyslogEntry, syslogMessage } from './syslog-message.ts';
import type { SyslogTransport } from './syslog-transport.ts';

export interface SyslogSinkOptions extends MessageOptions {
  readonly transport: SyslogTransport;
  /** A finding as the text of its message. */
  readonly finding: (finding: Finding) => string;
}

/** Source: RFC 5424 §6.2.1, table 2: critical, error, warning, notice, informational. */
const severities: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5, informational: 6 };

/**
 * Findings or masked events as syslog messages. Delivered means handed to the system's network, no more: syslog has no
 * acknowledgement. Over TCP and TLS the last messages are sent again after a connection broke.
 */
export class SyslogSink implements Sink {
  readonly #options: SyslogSinkOptions;

  constructor(options: SyslogSinkOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal): Promise<void> {
    await this.#options.transport.open(signal);
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#options.transport.check(signal);
  }

  /** All records of a batch have one outcome. */
  async write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    try {
      const messages = batch.records.map((record) => syslogMessage(this.#entryOf(record), this.#options));
      await this.#options.transport.send(messages, signal);
      return batch.records.map(() => delivered);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return batch.records.map(() => errored(error));
    }
  }

  async close(): Promise<void> {
    await this.#options.transport.close();
  }

  #entryOf(record: MaskedRecord): SyslogEntry {
    return record.type === recordTypes.finding ? this.#findingEntry(findingIn(record)) : eventEntry(record);
  }

  #findingEntry(finding: Finding): SyslogEntry {
    const { rule, event, episode, rolledUp } = finding;
    return {
      severity: severities[rule.severity],
      timeUs: microsecondsOf(finding.time),
      kind: 'finding',
      params: {
        id: finding.id,
        revision: finding.revision,
        rule: rule.id,
        severity: rule.severity,
        cluster: finding.cluster,
        auditID: event.auditID,
        verb: event.verb,
        resource: event.resource,
        namespace: event.namespace,
        name: event.name,
        user: event.user,
        code: event.code,
        count: episode?.count ?? rolledUp?.count,
      },
      text: onOneLine(this.#options.finding(finding)),
    };
  }
}

/** An event in its own bytes: JSON has no line ends of its own. */
function eventEntry(record: MaskedRecord): SyslogEntry {
  const row = eventRow(record);
  return {
    severity: severities.informational,
    timeUs: record.eventTimeUs,
    kind: 'event',
    params: {
      digest: record.digest,
      cluster: row.cluster,
      auditID: row.auditId,
      stage: row.stage,
      verb: row.verb,
      resource: row.resource,
      namespace: row.namespace,
      name: row.name,
      user: row.username,
      code: row.code,
    },
    text: Buffer.from(record.payload).toString('utf8'),
  };
}
