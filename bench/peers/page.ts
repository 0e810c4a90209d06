import type { Machine } from '../machine.ts';
import type { Spread } from '../measure.ts';
import type { Peer } from './peers.ts';

export interface PeerResult {
  readonly peer: Pick<Peer, 'name' | 'work' | 'lacks' | 'findsOnly'>;
  readonly version: string;
  /** MB of input per CPU-second. */
  readonly speed: Spread;
  /** Planted secrets of which something was left; undefined where there is no output to search. */
  readonly left: number | undefined;
}

export interface PeerReport {
  readonly results: readonly PeerResult[];
  /** Those that are not on the PATH. */
  readonly absent: readonly string[];
  /** Different secrets in the log. */
  readonly secrets: number;
  readonly megabytes: number;
  readonly rounds: number;
  readonly machine: Machine;
}

const digits = (value: number): string => value.toFixed(value >= 100 ? 0 : 1);

/** docs/performance.md. */
export function writePage({ results, absent, secrets, megabytes, rounds, machine }: PeerReport): string {
  const rows = results.map(({ peer, speed, left }) => [
    peer.name,
    peer.work,
    `${digits(speed.median)} (${digits(speed.low)}–${digits(speed.high)})`,
    left === undefined ? '–' : `${left} of ${secrets}`,
    peer.lacks || '–',
  ]);
  const head = ['program', 'work', 'MB per CPU-second', 'secrets left', 'what it does not do'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `# Performance beside others

Written by \`npm run bench:peers\`; do not edit. Speed of the parts and of other inputs: [benchmarks](benchmarks.md).

${table}

- Input: ${megabytes.toFixed(0)} MB of the generated log, ${rounds} interleaved rounds, each run a fresh process on one processor; shown: median (lowest–highest).
- What only finds ran once.
- User and system time of the whole run, **start-up included**: at this size that is a good part of what Auditveil takes (loading, and code that is not compiled yet).
- Secrets left: different planted values of which something is in the output, as it was or in another encoding (JSON, percent, base64, hex), or as a part of 10 characters.
- Expressions for those that know nothing else: \`bench/peers/patterns.ts\`, written by us for this log.
- ${results.map(({ peer, version }) => `${peer.name}: ${version}`).join('; ')}.
- ${machine.cpus} × ${machine.cpu}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, commit ${machine.commit}.
- Not run when this was written (not on the PATH, or left out): ${absent.length === 0 ? 'none' : absent.join(', ')}.
- Not measured: Fluent Bit and Vector, which no package registry has as a program (of Vector there is its language, VRL), and Redpanda Connect itself, which is not under an open licence (its engine is Benthos).
`;
}
