import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPlanted, prepareNeedles } from '../../src/demo/find-planted.ts';
import type { PlantedSecret } from '../../src/demo/plant.ts';
import { corpusFile } from '../corpus.ts';
import { describeMachine, pinned } from '../machine.ts';
import { spreadOf } from '../measure.ts';
import { type PeerResult, writePage } from './page.ts';
import { type Peer, peers, versionOf } from './peers.ts';

/**
 * What users would take instead, over the same bytes: each in a fresh process on one processor, in interleaved rounds, start-up included; then what it
 * left unmasked. Writes docs/performance.md. usage: npm run bench:peers -- [--mb N] [--rounds N] [--without PROGRAM,…]
 */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const note = (text: string): void => void process.stderr.write(`${text}\n`);

interface PeerRun {
  readonly cpuSeconds: number;
  readonly left: number | undefined;
}

interface PeerInput {
  readonly file: string;
  /** Where our own program keeps its key: made once, as on a machine that uses it. */
  readonly state: string;
}

/** Reads from a pipe, as syslog-ng wants it. User and system time come from the shell that waits for it. */
function runPeer(peer: Peer, { file, state }: PeerInput, planted: readonly PlantedSecret[] | undefined): PeerRun {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-peer-'));
  try {
    const { args, output = path.join(directory, 'stdout') } = peer.prepare(directory);
    const timed = 'TIMEFORMAT="cpu %3U %3S"; cat "$0" | { time "$@"; }';
    const command = ['-c', timed, file, ...pinned([peer.program, ...args])];
    // Bytes, not characters: sed is several times as fast then.
    const env = { ...process.env, LC_ALL: 'C', XDG_STATE_HOME: state };
    const stdout = openSync(path.join(directory, 'stdout'), 'w');
    const { status, stderr } = spawnSync('bash', command, { env, stdio: ['ignore', stdout, 'pipe'], encoding: 'utf8' });
    closeSync(stdout);
    const times = /cpu ([\d.]+) ([\d.]+)/.exec(stderr);
    if (status !== 0 || !times) throw new Error(`${peer.name} ended with ${status}: ${stderr.slice(-500)}`);
    const lines = planted && !peer.findsOnly ? readFileSync(output) : undefined;
    const left = lines && planted ? findPlanted(prepareNeedles(planted), lines).length : undefined;
    return { cpuSeconds: Number(times[1]) + Number(times[2]), left };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function main(state: string): void {
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
      const { cpuSeconds, left } = runPeer(one.peer, { file, state }, round === 1 ? planted : undefined);
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
  main(state);
} finally {
  rmSync(state, { recursive: true, force: true });
}
