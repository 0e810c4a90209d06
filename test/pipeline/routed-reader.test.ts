import { expect } from 'chai';
import { type Finding, unknownEvent } from '../../src/core/finding.ts';
import type { LogPosition, Reader, RecordBatch } from '../../src/core/log.ts';
import { recordTypes } from '../../src/core/record.ts';
import { routedReader } from '../../src/pipeline/routed-reader.ts';
import { RouteTree } from '../../src/routing/route-tree.ts';

type Record = RecordBatch['records'][number];

const record = (type: number, value: unknown): Record =>
  ({
    type,
    receivedAtUs: Date.parse('2026-11-29T12:00:00Z') * 1000,
    payload: Buffer.from(JSON.stringify(value)),
  }) as unknown as Record;

function finding(id: string, severity: Finding['rule']['severity']): Record {
  const rule = { id, name: id, severity, author: undefined, licence: undefined, tags: [], covers: [] };
  return record(recordTypes.finding, { id, revision: 0, rule, time: '', cluster: 'c', event: unknownEvent, evidence: {} });
}

function readerOf(records: readonly Record[], committed: LogPosition[]): Reader {
  return {
    async *read() {
      await Promise.resolve();
      yield { records, end: { segment: 3, offset: 7 } };
    },
    commit: (position) => Promise.resolve(void committed.push(position)),
    close: () => Promise.resolve(),
  };
}

describe('pipeline/routed-reader', () => {
  const sunday = { name: 'sunday', weekdays: ['sunday'] as const, from: '00:00', to: '00:00', timeZone: 'UTC' };
  const routes = new RouteTree({
    sinks: ['chat'],
    routes: [
      { match: { minSeverity: 'critical' }, sinks: ['chat'], mute: ['sunday'], continue: false, routes: [] },
      { match: { minSeverity: 'high' }, sinks: ['pager'], mute: [], continue: false, routes: [] },
    ],
    muteWindows: [sunday],
  });
  const records = [finding('a', 'high'), record(recordTypes.note, {}), finding('b', 'low'), finding('c', 'critical')];

  async function given(sink: string) {
    let muted = 0;
    const committed: LogPosition[] = [];
    const count = (more: number): void => {
      muted += more;
    };
    const reader = routedReader(readerOf(records, committed), { routes, sink, muted: count });
    const got: string[] = [];
    for await (const batch of reader.read(new AbortController().signal)) {
      got.push(
        ...batch.records.map(({ payload }) => (JSON.parse(Buffer.from(payload).toString()) as { id?: string }).id ?? 'note'),
      );
      await reader.commit(batch.end);
    }
    return { got, muted, committed };
  }

  it('hands on what is routed to its sink, and moves past the rest', async () => {
    expect(await given('pager')).to.deep.equal({ got: ['a', 'note'], muted: 0, committed: [{ segment: 3, offset: 7 }] });
  });

  it('counts what a mute window kept back', async () => {
    expect(await given('chat')).to.deep.include({ got: ['note', 'b'], muted: 1 });
  });
});
