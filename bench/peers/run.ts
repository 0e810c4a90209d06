import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareNeedles } from '../../src/demo/find-planted.ts';
import type { PlantedSecret } from '../../src/demo/plant.ts';
import { corpusFile } from '../corpus.ts';
import { describeMachine } from '../machine.ts';
import { spreadOf } from '../measure.ts';
import { type PeerResult, writePage } from './page.ts';
import { peers, versionOf } from './peers.ts';
import { runPeer } from './run-peer.ts';

/**
 * What users would take instead, over the same bytes: each in a fresh process on one processor, in interleaved rounds, start-up included; then what it
 * left unmasked. Writes docs/performance.md. usage: npm run bench:peers -- [--mb N] [--rounds N] [--without PROGRAM,…]
 */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const note = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(state: string): Promise<void> {
  const options = {
    mb: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    without: { type: 'string', default: '' },
  } as const;
  const { values } = parseArgs({ args: process.argv.slice(2), options });
  const file = corpusFile(path.join(root, 'bench/corpus'), Number(values.mb));
  const planted = readFileSync(`${file}.truth.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PlantedSecret);
  const megabytes = statSync(file).size / 1e6;
  const unwanted = values.without.split(',');
  const found = peers
    .filter(({ program }) => !unwanted.includes(program))
    .flatMap((peer) => {
      const version = versionOf(peer);
      if (version === undefined) note(`${peer.name}: not on the PATH, left out`);
      return version === undefined ? [] : [{ peer, version, speeds: [] as number[], left: undefined as number | undefined }];
    });
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const one of found.filter(({ peer }) => round === 1 || !peer.findsOnly)) {
      const { cpuSeconds, left } = await runPeer(one.peer, { file, state }, round === 1 ? planted : undefined);
      one.speeds.push(megabytes / cpuSeconds);
      one.left ??= left;
      note(`round ${round}  ${one.peer.name.padEnd(20)} ${(megabytes / cpuSeconds).toFixed(1)} MB/CPU-s`);
    }
  }
  const results: readonly PeerResult[] = found.map(({ peer, version, speeds, left }) => ({
    peer,
    version,
    speed: spreadOf(speeds),
    left,
  }));
  const absent = peers.filter((peer) => !found.some((one) => one.peer === peer)).map(({ name }) => name);
  const secrets = prepareNeedles(planted).secrets.length;
  const page = writePage({ results, absent, secrets, megabytes, rounds: Number(values.rounds), machine: describeMachine(root) });
  writeFileSync(path.join(root, 'docs/performance.md'), page);
}

const state = mkdtempSync(path.join(tmpdir(), 'auditveil-peer-state-'));
try {
  await main(state);
} finally {
  rmSync(state, { recursive: true, force: true });
}
