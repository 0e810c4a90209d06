import type { Clock } from '../core/clock.ts';
import type { EventStore } from '../core/event-store.ts';
import type { LiveState } from './status-source.ts';

/** A note for the findings log. */
export interface WebNote {
  readonly note: string;
  readonly at: string;
  readonly by: { readonly name: string | undefined; readonly uid: number | undefined };
  readonly [detail: string]: unknown;
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
  /** Text of a person with everything masked that a pack of this agent knows. */
  readonly maskText: (text: string) => Promise<string>;
  /** Answers questions about masked events; absent: they are answered 501. */
  readonly events?: EventStore;
  /** Told of what a person should see. */
  readonly notice: (text: string) => void;
}
