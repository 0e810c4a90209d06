import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parquetReadObjects } from 'hyparquet';
import { makeSidecar, sidecarName, sidecarNumber } from '../../src/store/sidecar.ts';
import { StoredSegments } from '../../src/store/stored-segments.ts';
import { storedEvents, writeStoredEvents } from '../contract/stored-events.ts';

const never = new AbortController().signal;

describe('store/sidecar', () => {
  let directory: string;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-sidecar-'));
    await writeStoredEvents(directory);
  });
  after(() => rmSync(directory, { recursive: true }));

  it('holds the head of every event of its segment, and where it stands', async () => {
    const segments = new StoredSegments(join(directory, 'events'));
    const [first] = await segments.list();
    if (!first) throw new Error('no segment');
    await makeSidecar(segments, first, never);
    const file = readFileSync(join(directory, 'events', sidecarName(first.number)));
    const rows = await parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) });
    const digests: string[] = [];
    await segments.scan(first, ({ digest }, offset) => digests.push(`${digest} ${offset}`), { signal: never });
    expect(rows.map((row) => `${row['digest']} ${row['record_offset']}`)).to.deep.equal(digests);
    const wanted = storedEvents.find(({ digest }) => digest === rows[3]?.['digest']);
    expect(rows[3]).to.deep.include({
      username: wanted?.user === '' ? undefined : wanted?.user,
      resource: wanted?.resource,
      source_ip: wanted?.sourceIps[0],
      masked_kinds: wanted?.masks.flatMap((count, kind) => (count === 0 ? [] : `${['email', 'jwt'][kind]}=${count}`)),
      segment: 1,
    });
    expect(readdirSync(join(directory, 'events')).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
  });

  it('leaves nothing behind where it cannot be written', async () => {
    const segments = new StoredSegments(join(directory, 'events'));
    const [first] = await segments.list();
    if (!first) throw new Error('no segment');
    const error = await makeSidecar(segments, first, AbortSignal.abort()).catch((cause: unknown) => cause);
    expect(error).to.include({ name: 'AbortError' });
    expect(readdirSync(join(directory, 'events')).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
  });

  it('is named after its segment', () => {
    for (const number of [1, 9_999_999_999]) expect(sidecarNumber(sidecarName(number))).to.equal(number);
    for (const name of ['0000000001.seg', '1.parquet', 'x0000000001.parquet', '0000000001.parquet.tmp'])
      expect(sidecarNumber(name), name).to.equal(undefined);
  });
});
