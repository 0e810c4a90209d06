import type { Clock } from '../core/clock.ts';
import type { RuleInfo } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { PostureView } from './api.ts';
import { notHere } from './api-fault.ts';
import type { WebPorts } from './web-ports.ts';

/** A line of `rules backtest -o json`. */
export interface BacktestLine {
  readonly type: 'summary' | 'rule';
  readonly [member: string]: unknown;
}

interface Kept<T> {
  readonly atMs: number;
  readonly value: Promise<T>;
}

/**
 * Questions that read a whole log, answered by commands of this program in a process of their own: one at a time, and each answer is
 * kept for a while, whoever asks.
 */
export class SelfQuestions {
  readonly #ports: Pick<WebPorts, 'self' | 'dataDirectory'>;
  readonly #clock: Clock;
  readonly #over: AbortSignal;
  readonly #kept = new Map<string, Kept<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: Pick<WebPorts, 'self' | 'dataDirectory' | 'clock'>, over: AbortSignal) {
    this.#ports = ports;
    this.#clock = ports.clock;
    this.#over = over;
  }

  rules(): Promise<readonly RuleInfo[]> {
    const { rules } = this.#self().flags;
    return this.#ask('rules', ['rules', 'list', '--json', ...rules], (text) => linesOf<RuleInfo>(text));
  }

  /** @param id of a rule that `rules` lists */
  ruleText(id: string): Promise<string> {
    // The words are an id of ours by now; `--` keeps them from being flags.
    return this.#ask(`rule ${id}`, ['rules', 'show', ...this.#self().flags.texts, '--', id], (text) => text);
  }

  backtest(): Promise<{ readonly atMs: number; readonly lines: readonly BacktestLine[] }> {
    const { backtest } = this.#self().flags;
    const atMs = this.#clock.nowMs();
    const args = ['rules', 'backtest', '-o', 'json', '--all', ...backtest, '--', this.#ports.dataDirectory];
    return this.#ask('backtest', args, (text) => ({ atMs, lines: linesOf<BacktestLine>(text) }));
  }

  posture(): Promise<PostureView> {
    const { posture } = this.#self().flags;
    const at = new Date(this.#clock.nowMs()).toISOString();
    const args = ['posture', '-o', 'json', ...posture, '--', this.#ports.dataDirectory];
    return this.#ask('posture', args, (text) => ({ ...(JSON.parse(text) as PostureView), at }));
  }

  #self(): NonNullable<WebPorts['self']> {
    if (this.#ports.self) return this.#ports.self;
    throw notHere('rules and posture are not looked at here', 'Ask the server of `auditveil run --web` or `auditveil serve`.');
  }

  #ask<T>(name: string, args: readonly string[], read: (text: string) => T): Promise<T> {
    const { run } = this.#self();
    const known = this.#kept.get(name) as Kept<T> | undefined;
    const nowMs = this.#clock.nowMs();
    if (known && nowMs - known.atMs < limits.webSelfKeptMs) return known.value;
    const value = this.#turn
      .catch(() => undefined)
      .then(() => run(args, AbortSignal.any([this.#over, AbortSignal.timeout(limits.webSelfMs)])))
      .then(read);
    this.#turn = value;
    this.#kept.delete(name);
    this.#kept.set(name, { atMs: nowMs, value });
    if (this.#kept.size > limits.webSelfAnswers) this.#kept.delete(this.#kept.keys().next().value ?? '');
    value.catch(() => this.#kept.get(name)?.value === value && this.#kept.delete(name));
    return value;
  }
}

const linesOf = <T>(text: string): readonly T[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
