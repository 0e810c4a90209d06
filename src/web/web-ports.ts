import type { Clock } from '../core/clock.ts';
import type { EventStore } from '../core/event-store.ts';
import type { TextMasker } from '../core/review.ts';
import type { Person } from './sessions.ts';
import type { LiveState } from './status-source.ts';

/** A note for the findings log. */
export interface WebNote {
  readonly note: string;
  readonly at: string;
  readonly by: { readonly name: string | undefined; readonly uid: number | undefined };
  readonly [detail: string]: unknown;
}

export interface SelfPort {
  readonly run: (args: readonly string[], signal: AbortSignal) => Promise<string>;
  /** Flags that make a command see what the agent sees, by command: `texts` are those of `rules show`. */
  readonly flags: Readonly<Record<'rules' | 'texts' | 'backtest' | 'posture', readonly string[]>>;
}

/** What the API needs of the program around it. */
export interface WebPorts {
  readonly cluster: string;
  readonly version: string;
  /** Data folder of an agent, which may run or not. */
  readonly dataDirectory: string;
  readonly clock: Clock;
  /** What the agent in this process says of itself; undefined where there is none. */
  readonly live: () => LiveState | undefined;
  /** Resolves once the note is durable. @throws Fault */
  readonly note: (note: WebNote) => Promise<void>;
  /** Whom a token that was left for this server logs in; it is used up by that. */
  readonly redeem: (token: string) => Promise<Person | undefined>;
  /** Notes that are durable and not in the log yet. */
  readonly waiting: () => Promise<readonly unknown[]>;
  /** Text of a person with everything masked that a pack of this agent knows. */
  readonly maskText: TextMasker;
  /** Runs commands of this program in a process of its own; absent: what needs it is answered 501. */
  readonly self?: SelfPort;
  /** Answers questions about masked events; absent: they are answered 501. */
  readonly events?: EventStore;
  /** Told of what a person should see. */
  readonly notice: (text: string) => void;
}
