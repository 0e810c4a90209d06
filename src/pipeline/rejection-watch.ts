import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import { builtinRules } from '../findings/builtin.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';
import type { Rejection } from './sink-delivery.ts';

/** A run of rejections of one sink. */
interface Run {
  readonly firstMs: number;
  lastMs: number;
  count: number;
  readonly codes: Map<string, number>;
  readonly reason: string;
  saidMs: number;
  saidCount: number;
  revision: number;
}

export interface RejectionWatchOptions {
  readonly place: () => OwnFindingPlace;
  readonly say: (finding: Finding, text: string) => void;
}

/** Makes findings of what sinks reject: one at once, then one revision in ten minutes at most, however many records it is. */
export class RejectionWatch {
  readonly #options: RejectionWatchOptions;
  readonly #runs = new Map<string, Run>();

  constructor(options: RejectionWatchOptions) {
    this.#options = options;
  }

  add(sink: string, rejections: readonly Rejection[]): void {
    const { nowMs } = this.#options.place();
    const known = this.#runs.get(sink);
    const run = known && nowMs - known.lastMs < limits.rejectionOverMs ? known : this.#begin(sink, rejections, nowMs);
    run.lastMs = nowMs;
    run.count += rejections.length;
    for (const { fault } of rejections) run.codes.set(fault.code, (run.codes.get(fault.code) ?? 0) + 1);
    if (run.revision === 0 || nowMs - run.saidMs >= limits.rejectionFindingMs) this.#say(sink, run);
  }

  /** Says what was not said yet. */
  flush(): void {
    for (const [sink, run] of this.#runs) if (run.count > run.saidCount) this.#say(sink, run);
  }

  #begin(sink: string, rejections: readonly Rejection[], nowMs: number): Run {
    const reason = rejections[0]?.fault.message ?? '';
    const run = { firstMs: nowMs, lastMs: nowMs, count: 0, codes: new Map(), reason, saidMs: nowMs, saidCount: 0, revision: 0 };
    this.#runs.set(sink, run);
    return run;
  }

  #say(sink: string, run: Run): void {
    const { place, say } = this.#options;
    const here = place();
    run.saidMs = here.nowMs;
    run.saidCount = run.count;
    run.revision++;
    const evidence = {
      'sink.name': [sink],
      'sink.rejectedAtLeast': [String(run.count)],
      'sink.first': [new Date(run.firstMs).toISOString()],
      'sink.last': [new Date(run.lastMs).toISOString()],
      'sink.codes': [...run.codes].map(([code, count]) => `${code} ${count}`),
      'sink.reason': [run.reason],
      'sink.remedy': [`auditveil replay --sink ${sink} --list shows them; without --list they are sent again.`],
    };
    const finding = ownFinding(builtinRules.sinkRejected, `sink-rejected ${sink} ${run.firstMs}`, evidence, here);
    say(
      { ...finding, revision: run.revision },
      `sink ${sink}: it rejected ${run.count} record${run.count === 1 ? '' : 's'}: ${run.reason}. They are kept as dead letters (auditveil replay --sink ${sink} --list).`,
    );
  }
}
