import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import { builtinRules } from '../findings/builtin.ts';
import { DeadLetters } from './dead-letters.ts';
import { RejectionWatch } from './rejection-watch.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';
import type { Rejection } from './sink-delivery.ts';

export interface RejectionSupervisionOptions {
  readonly config: { readonly log: { readonly directory: string; readonly deadLetterBytes: number } };
  readonly clock: Clock;
  readonly place: () => OwnFindingPlace;
  /** Makes a finding durable and says its text to people. */
  readonly add: (finding: Finding, text: string) => void;
}

/** Keeps what sinks rejected and makes findings of it. */
export class RejectionSupervision {
  readonly #letters: DeadLetters;
  readonly #watch: RejectionWatch;

  constructor({ config, clock, place, add }: RejectionSupervisionOptions) {
    const { directory, deadLetterBytes: maxBytes } = config.log;
    const deleted = (sink: string, bytes: number): void =>
      add(deletedFinding(sink, bytes, place()), `sink ${sink}: ${bytes} bytes of dead letters were deleted to make room`);
    this.#letters = new DeadLetters({ directory, clock, maxBytes, deleted });
    this.#watch = new RejectionWatch({ place, say: add });
  }

  /** Resolves once it is durable. @throws Fault, retryable */
  readonly keep = async (sink: string, rejections: readonly Rejection[]): Promise<void> => {
    await this.#letters.keep(sink, rejections);
    this.#watch.add(sink, rejections);
  };

  async close(): Promise<void> {
    this.#watch.flush();
    await this.#letters.close();
  }
}

function deletedFinding(sink: string, bytes: number, place: OwnFindingPlace): Finding {
  const evidence = {
    'sink.name': [sink],
    'deadLetters.deletedBytes': [String(bytes)],
    'deadLetters.remedy': [
      'See why the sink rejects so much, send them again sooner (auditveil replay), or raise log.deadLetterBytes.',
    ],
  };
  return ownFinding(builtinRules.deadLettersDeleted, `dead-letters-deleted ${sink} ${place.nowMs}`, evidence, place);
}
