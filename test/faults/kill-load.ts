import type { SeededRandom } from '../../src/demo/random.ts';

/** What puts events before an agent that is killed again and again, and knows which of them it owes. */
export interface KillLoad {
  /** Arguments of `auditveil run`. */
  readonly args: readonly string[];
  /** auditID of every event that must be in the log in the end, exactly once. */
  readonly owed: ReadonlySet<string>;
  /** auditID of every event that may be in it: what is owed, and what was on its way. */
  readonly known: ReadonlySet<string>;
  /** auditID of every event that may have been taken away before anybody read it; absent: none. */
  readonly removed?: ReadonlySet<string>;
  /** `host:port` that accepts connections once the agent is ready; absent where nobody connects to it. */
  readonly address?: string;
  start(): void;
  /** Called once something is in the log, before the first round. */
  settle?(): void;
  /** No new events; resolves once nothing is on its way. */
  stop(): Promise<void>;
  /** What happened besides the kills. */
  story(): string;
}

export interface KillPlace {
  readonly directory: string;
  readonly data: string;
}

export interface LoadOptions {
  readonly random: SeededRandom;
  readonly eventsPerSecond: number;
  /** Rotated files that are kept; older ones are removed, read or not. */
  readonly keepFiles: number;
}

export type MakeKillLoad = (place: KillPlace, options: LoadOptions) => Promise<KillLoad>;
