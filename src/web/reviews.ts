import { type Severity, severities } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { Review, ReviewAction, Silence, SilenceMatch, TextMasker } from '../core/review.ts';
import { systemRandom } from '../crypto/random.ts';
import { isOwnRule } from '../routing/silence-book.ts';
import { ApiFault, wrongBody } from './api-fault.ts';

interface By {
  readonly name: string | undefined;
  readonly uid: number | undefined;
}
type Noted<T extends Review | Silence> = T & { readonly by: By } & { readonly [detail: string]: unknown };

interface About {
  /** Masked. */
  readonly text: string | undefined;
}

export function makeReview(
  { finding, action, text }: About & { readonly finding: string; readonly action: ReviewAction },
  by: By,
  nowMs: number,
): Noted<Review> {
  return { ...{ note: 'review', at: new Date(nowMs).toISOString(), by, action, finding }, ...(text !== undefined && { text }) };
}

export function makeSilence(
  { match, untilMs, text }: About & { readonly match: SilenceMatch; readonly untilMs: number },
  by: By,
  nowMs: number,
): Noted<Silence> {
  const [at, until] = [new Date(nowMs).toISOString(), new Date(untilMs).toISOString()];
  const id = Buffer.from(systemRandom(8)).toString('hex');
  return { ...{ note: 'silence', at, by, id, match, until }, ...(text !== undefined && { text }) };
}

/** What ends a silence: a note of the same id whose time is over. */
export function endOfSilence(silence: Silence, by: By, nowMs: number): Noted<Silence> {
  const at = new Date(nowMs).toISOString();
  return { ...silence, at, until: at, by };
}

const members = ['rule', 'user', 'namespace', 'severity'] as const;
const longest = 1_000;

/** @throws ApiFault 400 where it is none, 422 for a rule that cannot be silenced */
export function silenceMatch(given: unknown): SilenceMatch {
  const match = (typeof given === 'object' && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  const names = Object.keys(match).filter((name) => match[name] !== undefined);
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '' && value.length <= longest;
  if (names.length === 0 || !names.every((name) => members.includes(name as never) && isText(match[name])))
    throw wrongBody(`\`match\` names at least one of ${members.join(', ')}, each a text.`);
  if (match['severity'] !== undefined && !severities.includes(match['severity'] as Severity))
    throw wrongBody(`\`match.severity\` is one of ${severities.join(', ')}.`);
  const { rule } = match as SilenceMatch;
  if (rule !== undefined && isOwnRule(rule))
    throw new ApiFault(
      422,
      'E_SILENCE_OWN',
      'findings about Auditveil itself cannot be silenced',
      'They tell of gaps, losses and masking that failed: mend what they name.',
    );
  return match;
}

/** Ids of rules and names of Kubernetes. What is written otherwise may be anything. */
const nameShape = /^[\w.:-]{1,253}$/;

/** A match as it may be written, and as masked events have it: somebody may have named a user in clear, whom events name by a pseudonym. */
export async function maskedMatch({ severity, ...match }: SilenceMatch, mask: TextMasker): Promise<SilenceMatch> {
  const masked: Record<string, string> = {};
  for (const [name, value] of Object.entries(match)) {
    if (value === undefined) continue;
    const named = nameShape.test(value) ? 'name' : 'note';
    masked[name] = await mask(value, name === 'user' ? 'user' : named);
  }
  return { ...masked, ...(severity !== undefined && { severity }) };
}

/** @throws ApiFault 400 where it is no time to come, or too far away */
export function silenceEnd(until: unknown, nowMs: number): number {
  const untilMs = typeof until === 'string' && /^\d{4}-/.test(until) ? Date.parse(until) : Number.NaN;
  if (untilMs > nowMs && untilMs <= nowMs + limits.silenceDays * 86_400_000) return untilMs;
  throw wrongBody(`\`until\` is a time such as 2026-05-04T09:00:00Z, at most ${limits.silenceDays} days from now.`);
}
