import { limits } from '../core/limits.ts';
import { ApiFault } from './api-fault.ts';

/** Questions about events are costly: few are answered at once, some wait, others are told to come again. */
export class Questions {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  get running(): number {
    return this.#running;
  }

  /** @throws ApiFault 503 where too many wait, 504 where it takes too long */
  async ask<T>(question: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running >= limits.webQuestions) await this.#turn();
    else this.#running++;
    const late = AbortSignal.timeout(limits.webQuestionMs);
    try {
      return await question(AbortSignal.any([signal, late]));
    } catch (error) {
      if (late.aborted && !signal.aborted)
        throw new ApiFault(504, 'E_WEB_LATE', 'the answer took too long', 'Ask for a shorter range, or for more exact filters.');
      throw error;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  /** Resolves in place of a question that has ended. */
  #turn(): Promise<void> {
    if (this.#waiting.length >= limits.webQuestionsWaiting)
      throw new ApiFault(503, 'E_WEB_BUSY', 'too many questions are being answered', 'Ask again in a moment.', {
        'retry-after': '2',
      });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
