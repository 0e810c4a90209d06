import type { Finding } from '../core/finding.ts';
import type { Silence, SilenceMatch } from '../core/review.ts';

/** Findings about this program and what it could not read are never silenced: whoever blinds it must not hide that. */
export function isOwnRule(rule: string): boolean {
  return rule.startsWith('auditveil.');
}

/** What of a finding a silence can name. */
export interface SilenceableFinding {
  readonly rule: Pick<Finding['rule'], 'id' | 'name' | 'severity'>;
  readonly event: Pick<Finding['event'], 'user' | 'namespace'>;
}

/** Whether a finding is one of those a silence names. */
export function isSilencedBy(match: SilenceMatch, { rule, event }: SilenceableFinding): boolean {
  if (isOwnRule(rule.id)) return false;
  const { rule: named, user, namespace, severity } = match;
  if (named === undefined && user === undefined && namespace === undefined && severity === undefined) return false;
  return (
    (named === undefined || named === rule.id || named === rule.name) &&
    (user === undefined || user === event.user) &&
    (namespace === undefined || namespace === event.namespace) &&
    (severity === undefined || severity === rule.severity)
  );
}

/** The silences of a findings log. One that is over ends by itself; of an id the last note counts. Bounded: `most` of them at once. */
export class SilenceBook {
  readonly #most: number;
  readonly #silences = new Map<string, Silence>();

  constructor(most: number, silences: Iterable<Silence> = []) {
    this.#most = most;
    for (const silence of silences) this.#silences.set(silence.id, silence);
  }

  /** @returns false where there are too many already */
  add(silence: Silence, nowMs: number): boolean {
    this.#forget(nowMs);
    if (this.#silences.size >= this.#most && !this.#silences.has(silence.id)) return false;
    this.#silences.delete(silence.id);
    if (isInForce(silence, nowMs)) this.#silences.set(silence.id, silence);
    return true;
  }

  get(id: string): Silence | undefined {
    return this.#silences.get(id);
  }

  /** The silence that a finding falls under now. */
  of(finding: Finding, nowMs: number): Silence | undefined {
    for (const silence of this.#silences.values())
      if (isInForce(silence, nowMs) && isSilencedBy(silence.match, finding)) return silence;
    return undefined;
  }

  /** Those in force, the oldest first. */
  active(nowMs: number): readonly Silence[] {
    return [...this.#silences.values()].filter((silence) => isInForce(silence, nowMs));
  }

  #forget(nowMs: number): void {
    for (const [id, silence] of this.#silences) if (!isInForce(silence, nowMs)) this.#silences.delete(id);
  }
}

const isInForce = ({ until }: Silence, nowMs: number): boolean => Date.parse(until) > nowMs;
