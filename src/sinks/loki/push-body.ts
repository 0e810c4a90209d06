import { findingIn } from '../../core/finding-in.ts';
import { type MaskedRecord, recordFlags, recordTypes } from '../../core/record.ts';
import { eventRow } from '../shared/event-row.ts';
import { findingRow } from '../shared/finding-row.ts';
import { plainTexts } from '../shared/plain-text.ts';

type Texts = Readonly<Record<string, string>>;

export interface PushOptions {
  readonly labels: Texts;
  readonly structuredMetadata: boolean;
  readonly line: (record: MaskedRecord) => Uint8Array;
}

/** Longest value of a label or of metadata. */
const valueCharacters = 512;

/** The body of a push: a stream for each set of labels, entries in the order of their time. */
export function pushBody(records: readonly MaskedRecord[], options: PushOptions): string {
  const streams = new Map<
    string,
    { readonly stream: Texts; readonly entries: { readonly timeUs: number; readonly value: unknown }[] }
  >();
  for (const record of records) {
    const { labels, metadata, timeUs } = record.type === recordTypes.finding ? ofFinding(record) : ofEvent(record);
    const stream = plainTexts({ ...options.labels, service_name: 'auditveil', ...labels }, valueCharacters);
    const key = JSON.stringify(stream);
    const found = streams.get(key) ?? { stream, entries: [] };
    streams.set(key, found);
    const line = Buffer.from(options.line(record)).toString('utf8');
    const time = `${Math.max(0, Math.round(timeUs))}000`;
    found.entries.push({
      timeUs,
      value: options.structuredMetadata ? [time, line, plainTexts(metadata, valueCharacters)] : [time, line],
    });
  }
  const sorted = [...streams.values()].map(({ stream, entries }) => ({
    stream,
    values: entries.sort((a, b) => a.timeUs - b.timeUs).map(({ value }) => value),
  }));
  return JSON.stringify({ streams: sorted });
}

interface Entry {
  readonly labels: Readonly<Record<string, string | undefined>>;
  readonly metadata: Readonly<Record<string, string | number | undefined>>;
  readonly timeUs: number;
}

function ofEvent(record: MaskedRecord): Entry {
  const row = eventRow(record);
  const access = (record.flags & recordFlags.writes) !== 0 ? 'write' : 'read';
  const { verb, resource, subresource, namespace, stage } = row;
  return {
    timeUs: row.eventTimeUs,
    labels: { cluster: row.cluster, content: 'events', access },
    metadata: {
      ...{ verb, resource, subresource, namespace, stage },
      user: row.username,
      code: row.code,
      audit_id: row.auditId,
      digest: row.digest,
      rules: row.rules.join(','),
    },
  };
}

function ofFinding(record: MaskedRecord): Entry {
  const row = findingRow(findingIn(record));
  const { verb, resource, namespace, code } = row;
  return {
    timeUs: row.timeUs,
    labels: { cluster: row.cluster, content: 'findings', severity: row.severity },
    metadata: {
      ...{ verb, resource, namespace, code },
      user: row.username,
      rule: row.ruleName,
      rule_id: row.ruleId,
      finding: row.id,
      revision: row.revision,
      audit_id: row.auditId,
    },
  };
}
