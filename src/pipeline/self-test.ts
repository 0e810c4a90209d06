import { recordFlags, recordLayout } from '../core/record.ts';
import type { MaskedTile, Tile, TileInspector } from '../core/tile.ts';
import type { Pack, PackExample } from '../masking/pack.ts';
import { type CanaryEvent, type CanaryForm, canaryForms, canaryTiles } from './canary-events.ts';
import type { CanaryMark } from './canary-mark.ts';
import { withoutMasks } from './canary-values.ts';

/** What came out that should not have: which rules and kinds, and the example it was tried with. Never the value. */
export interface CanaryLeak {
  readonly rules: readonly string[];
  readonly kinds: readonly string[];
  readonly origin: string;
}

export interface SelfTestResult {
  readonly leaks: readonly CanaryLeak[];
  /** Why masking could not be tried; undefined where it could. */
  readonly broken: string | undefined;
}

/** Few enough that nobody waits long for the thread. */
const eventsAtOnce = 50;

export interface SelfTestOptions {
  readonly inspector: TileInspector;
  /** The packs in force, and their examples. */
  readonly packs: readonly Pack[];
  readonly examplesOf: (pack: Pack) => readonly PackExample[];
  /**
   * Every example has to be masked, as `auditveil masks test` says. Not so where a policy of one's own changes what the packs do:
   * then only what was masked at the start has to stay masked.
   */
  readonly everyRule: boolean;
  readonly random: (bytes: number) => Uint8Array;
  /** What the exits look for goes through the inspector, too. */
  readonly mark?: CanaryMark;
}

/**
 * Runs synthetic events with secrets of every kind in force through the inspector and looks for the secrets in what comes
 * out; the records are discarded. The secrets are the packs' examples with values of this run where the kind allows it.
 *
 * The first run, which the first event waits for, tries each example once, in one place: every rule has to mask one of its own.
 * The second tries all places, with values of this run, and finds out which of them the kinds allow; later ones repeat those.
 */
export class SelfTest {
  readonly #options: SelfTestOptions;
  #canaries: readonly CanaryEvent[] | undefined;
  /** What the first run saw masked: it has to stay so. */
  #seen: readonly CanaryEvent[] | undefined;

  constructor(options: SelfTestOptions) {
    this.#options = options;
  }

  /** Events that each later run tries. */
  get canaries(): number {
    return this.#canaries?.length ?? 0;
  }

  async run(nowUs: number): Promise<SelfTestResult> {
    try {
      return await (this.#canaries
        ? this.#repeat(this.#canaries, nowUs)
        : this.#seen
          ? this.#second(this.#seen, nowUs)
          : this.#first(nowUs));
    } catch {
      // The error may quote the event, and the event holds what looks like a secret.
      return { leaks: [], broken: 'the self-test events could not be inspected' };
    }
  }

  async #first(nowUs: number): Promise<SelfTestResult> {
    const { packs, examplesOf, random, mark } = this.#options;
    const forms = [...canaryForms(packs, examplesOf, random, 'once'), ...(mark?.forms ?? [])];
    const { proven, result } = await this.#judge(forms, [], nowUs);
    if (result.leaks.length === 0 && result.broken === undefined) this.#seen = proven;
    return result;
  }

  async #second(seen: readonly CanaryEvent[], nowUs: number): Promise<SelfTestResult> {
    const { packs, examplesOf, random, mark } = this.#options;
    const forms = [...canaryForms(packs, examplesOf, random), ...(mark?.forms ?? [])];
    const { proven, result } = await this.#judge(forms, seen, nowUs);
    if (result.leaks.length > 0 || result.broken !== undefined) return result;
    this.#canaries = proven;
    this.#seen = undefined;
    return result;
  }

  /** Which forms are masked; what is not and should be: the examples of a rule none of whose are, and what was masked before. */
  async #judge(forms: readonly CanaryForm[], before: readonly CanaryEvent[], nowUs: number) {
    const masked = await this.#masked([...forms.flatMap(({ original, varied }) => [original, ...varied]), ...before], nowUs);
    const proven = forms.flatMap((form) => chosen(form, masked) ?? []);
    const seen = new Set(proven.flatMap((canary) => canary.rules));
    const isBlind = ({ rules, needles }: CanaryEvent): boolean => needles.length > 0 && rules.some((rule) => !seen.has(rule));
    const originals = this.#options.everyRule ? forms.map(({ original }) => original).filter(isBlind) : [];
    const expected = [...originals, ...before];
    const result =
      proven.length === 0 && expected.length === 0
        ? { leaks: [], broken: 'no kind in force has an example to try' }
        : { leaks: leaksOf(expected.filter((canary) => masked.get(canary) === false)), broken: stubbed(expected, masked) };
    return { proven, result };
  }

  async #repeat(canaries: readonly CanaryEvent[], nowUs: number): Promise<SelfTestResult> {
    const masked = await this.#masked(canaries, nowUs);
    return { leaks: leaksOf(canaries.filter((canary) => masked.get(canary) === false)), broken: stubbed(canaries, masked) };
  }

  /** By event: whether nothing of its values came out. Stubs are left out. */
  async #masked(canaries: readonly CanaryEvent[], nowUs: number): Promise<ReadonlyMap<CanaryEvent, boolean>> {
    const { inspector } = this.#options;
    const results = new Map<CanaryEvent, boolean>();
    let next = 0;
    for (const tile of smallTiles(canaries, nowUs)) {
      const masked = await inspector.inspect(tile);
      if (masked.count !== tile.count) throw new RangeError('events are missing');
      for (let i = 0; i < masked.count; i++) {
        const canary = canaries[next++] as CanaryEvent;
        if (((masked.flags[i] ?? 0) & recordFlags.stub) !== 0) continue;
        const text = withoutMasks(payloadOf(masked, i));
        results.set(canary, !canary.needles.some((needle) => text.includes(needle)));
      }
      inspector.recycle?.(masked);
      // Others have work to do as well.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    return results;
  }
}

function* smallTiles(canaries: readonly CanaryEvent[], nowUs: number): Generator<Tile, void, undefined> {
  for (let at = 0; at < canaries.length; at += eventsAtOnce) yield* canaryTiles(canaries.slice(at, at + eventsAtOnce), nowUs);
}

/** A stub holds nothing, so it leaks nothing; but what can be masked should be. */
function stubbed(canaries: readonly CanaryEvent[], masked: ReadonlyMap<CanaryEvent, boolean>): string | undefined {
  const stubs = canaries.filter((canary) => !masked.has(canary)).length;
  return stubs === 0 ? undefined : `${stubs} of ${canaries.length} self-test events became stubs`;
}

/** The first of a form's events that is masked: one of this run's if there is one. */
function chosen({ original, varied }: CanaryForm, masked: ReadonlyMap<CanaryEvent, boolean>): CanaryEvent | undefined {
  return [...varied, original].find((event) => event.needles.length > 0 && masked.get(event) === true);
}

function payloadOf(tile: MaskedTile, i: number): string {
  const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
  const at = tile.offsets[i] ?? 0;
  const from = at + view.getUint32(at + recordLayout.headerBytes, true);
  return Buffer.from(tile.bytes.subarray(from, at + (tile.lengths[i] ?? 0))).toString('utf8');
}

/** One for each example, however many places it was tried in. */
function leaksOf(events: readonly CanaryEvent[]): readonly CanaryLeak[] {
  const byOrigin = new Map(events.map(({ rules, kinds, origin }) => [origin, { rules, kinds, origin }]));
  return [...byOrigin.values()];
}
