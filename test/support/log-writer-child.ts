import { openLog } from '../../src/log/open-log.ts';
import { makeTile } from './log-fixture.ts';

/** Appends records with running ids from the second argument on, two tiles at a time, and prints each acknowledged id. */
const [directory = '', firstId = '0'] = process.argv.slice(2);
const log = await openLog({
  directory,
  name: 'events',
  clock: { nowMs: () => Date.now() },
  segmentBytes: 200_000,
  reserveBytes: 4096,
  dedupe: { maxRecords: 10_000, windowMs: 60_000 },
});
const append = async (from: number): Promise<void> => {
  const ids = Array.from({ length: 20 }, (_, i) => from + i);
  await log.append(makeTile(ids.map((id) => ({ id, filling: id % 700, receivedAtMs: Date.now() }))));
  process.stdout.write(`${ids.join('\n')}\n`);
};
for (let id = Number(firstId); ; id += 40) await Promise.all([append(id), append(id + 20)]);
