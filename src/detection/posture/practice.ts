import type { PostureEvent } from './posture-event.ts';

/** Something users of Kubernetes are told to do, or not to do. */
export interface Practice {
  /** `area.what`, stable for scripts. */
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  /** What a log must hold so that it can be judged. */
  readonly needs: string;
}

/** One thing that is not as the practice asks. Masked texts only. */
export interface Example {
  readonly what: string;
  readonly note?: string;
  /** Who did it, or last wrote it. */
  readonly who?: string;
  /** RFC 3339, event time. */
  readonly at?: string;
}

/** What one practice looks like in a log. */
export interface Judgement {
  /** Things that were looked at. */
  readonly looked: number;
  /** Things that are not as they should be. */
  readonly count: number;
  /** Some of them, the latest first. */
  readonly examples: readonly Example[];
  /** Why nothing, or not all, can be seen in this log. */
  readonly blind?: string;
}

/** `unseen`: nothing was looked at, so nothing is said. `none`: looked at, nothing found. */
export type PracticeStatus = 'found' | 'none' | 'unseen';

export interface PracticeReport extends Practice, Judgement {
  readonly status: PracticeStatus;
}

/** Looks at events for a few practices. Pure; memory is bounded. */
export interface PostureCheck {
  readonly practices: readonly Practice[];
  observe(event: PostureEvent): void;
  /** By id of the practice. `span`: first and last event time of the log, milliseconds. */
  judge(span: LogSpan): ReadonlyMap<string, Judgement>;
  /** Entries given up because there were too many. */
  readonly givenUp: number;
}

export interface LogSpan {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Minor version of the API server, where it is known. */
  readonly serverMinor?: number;
}

export const statusOf = ({ looked, count }: Judgement): PracticeStatus => (count > 0 ? 'found' : looked > 0 ? 'none' : 'unseen');

/** Examples a report holds of one practice: enough to begin with. */
const shownExamples = 20;

/** Counts what fails and keeps the latest of it as examples. */
export class Tally {
  looked = 0;
  count = 0;
  readonly #examples: { readonly atMs: number; readonly example: Example }[] = [];

  add(isWrong: boolean, example: () => Example, atMs: number): void {
    this.looked++;
    if (!isWrong) return;
    this.count++;
    const kept = this.#examples;
    const oldest = kept.at(-1);
    if (kept.length >= shownExamples && oldest && oldest.atMs >= atMs) return;
    kept.push({ atMs, example: { ...example(), ...(Number.isFinite(atMs) ? { at: new Date(atMs).toISOString() } : {}) } });
    kept.sort((a, b) => b.atMs - a.atMs);
    if (kept.length > shownExamples) kept.pop();
  }

  judgement(blind?: string): Judgement {
    const { looked, count } = this;
    const examples = this.#examples.map(({ example }) => example);
    return { looked, count, examples, ...(blind === undefined ? {} : { blind }) };
  }
}
