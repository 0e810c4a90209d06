import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import type { TileInspector } from '../core/tile.ts';
import { systemRandom } from '../crypto/random.ts';
import { builtinRules } from '../findings/builtin.ts';
import type { encodeEntries } from '../log/record-encoder.ts';
import type { Health } from '../telemetry/health.ts';
import { examplesFor } from './canary-examples.ts';
import { CanaryMark } from './canary-mark.ts';
import type { Engine } from './compose-engine.ts';
import { ForwardingGate } from './forwarding-gate.ts';
import type { Meter } from './meter.ts';
import { isPolicyId } from './read-policy.ts';
import { ownFinding, sayFindings } from './say-findings.ts';
import { type CanaryLeak, SelfTest, type SelfTestResult } from './self-test.ts';

const intervalMs = 60_000;
/** The thorough test, which would keep the first event waiting for a second. */
const secondTestMs = 5_000;
/** Rules, kinds and examples a finding names at most. */
const namedAtMost = 16;

export interface SuperviseMaskingOptions {
  readonly config: { readonly cluster: { readonly name: string }; readonly masking: { readonly keepUsers: readonly string[] } };
  /** The inspector that events go through. */
  readonly inspector: TileInspector;
  readonly engine: Pick<Engine, 'policy'>;
  readonly identify: (text: string) => string;
  readonly findings: { append(tile: ReturnType<typeof encodeEntries>): Promise<unknown> };
  readonly meter: Pick<Meter, 'selfTestFailed' | 'found'>;
  readonly health: Health;
  readonly clock: Clock;
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  readonly notice: (text: string) => void;
}

export interface MaskingSupervision {
  readonly gate: ForwardingGate;
  /** Tests now; the timer does so every minute. Resolves once a finding, if there is one, is in the log. */
  readonly test: () => Promise<void>;
  readonly stop: () => void;
}

/**
 * Masking proves itself before the first event and every minute (self-test.ts). When it fails to, the process is not ready,
 * nothing is forwarded any more, and a critical finding says which rules failed.
 */
export async function superviseMasking(options: SuperviseMaskingOptions): Promise<MaskingSupervision> {
  const { inspector, engine, meter, health, clock, notice } = options;
  const { packs, id } = engine.policy;
  const everyRule = isPolicyId(id) && options.config.masking.keepUsers.length === 0;
  const examplesOf = await examplesFor(packs);
  const lanes = inspector.lanes?.() ?? [inspector];
  const mark = new CanaryMark(systemRandom);
  const common = { packs, examplesOf, everyRule, random: systemRandom, mark };
  const tests = lanes.map((lane) => new SelfTest({ ...common, inspector: lane }));
  const gate = new ForwardingGate(mark);
  let broken: string | undefined;
  let goodMs: number | undefined;
  let unsaid: Finding | undefined;
  gate.marked = (exit) => {
    meter.selfTestFailed();
    notice(`masking failed: a secret of the self-test was seen at an exit (${exit})`);
    unsaid = leakFinding(options, [{ rules: [], kinds: ['canary'], origin: exit }], goodMs);
    void sayFindings(options, [unsaid]).then(
      () => (unsaid = undefined),
      () => undefined,
    );
  };
  const test = async (): Promise<void> => {
    const nowUs = clock.nowMs() * 1000;
    const result = joined(await Promise.all(tests.map((one) => one.run(nowUs))));
    broken = result.broken;
    if (result.leaks.length > 0 || broken !== undefined) meter.selfTestFailed();
    else goodMs = clock.nowMs();
    if (result.leaks.length > 0 && gate.problem === undefined) {
      gate.close(describe(result));
      unsaid = leakFinding(options, result.leaks, goodMs);
      for (const { origin } of result.leaks.slice(0, namedAtMost)) notice(`masking failed its self-test: ${origin}`);
    }
    if (unsaid) await sayFindings(options, [unsaid]);
    unsaid = undefined;
  };
  await test().catch(() => undefined);
  health.add('masking', () => gate.problem ?? broken);
  // A finding that could not be written is tried again with the next test.
  const timer = setInterval(() => void test().catch(() => undefined), intervalMs);
  const second = setTimeout(() => void test().catch(() => undefined), secondTestMs);
  timer.unref();
  second.unref();
  const stop = (): void => {
    clearInterval(timer);
    clearTimeout(second);
  };
  return { gate, test, stop };
}

/** Each leak once, however many inspectors have it. */
function joined(results: readonly SelfTestResult[]): SelfTestResult {
  const leaks = new Map(results.flatMap((result) => result.leaks.map((leak) => [leak.origin, leak])));
  return { leaks: [...leaks.values()], broken: results.find((result) => result.broken !== undefined)?.broken };
}

function describe({ leaks }: SelfTestResult): string {
  const kinds = [...new Set(leaks.flatMap((leak) => leak.kinds))];
  return `the self-test found its secrets unmasked (${kinds.slice(0, namedAtMost).join(', ')})`;
}

function leakFinding(options: SuperviseMaskingOptions, leaks: readonly CanaryLeak[], goodMs: number | undefined): Finding {
  const { config, clock, identify } = options;
  const nowMs = clock.nowMs();
  const named = (names: readonly string[]): readonly string[] => [...new Set(names)].slice(0, namedAtMost);
  const evidence = {
    'self-test.kind': named(leaks.flatMap((leak) => leak.kinds)),
    'self-test.rule': named(leaks.flatMap((leak) => leak.rules)),
    'self-test.example': named(leaks.map((leak) => leak.origin)),
    'self-test.lastGood': [goodMs === undefined ? 'never' : new Date(goodMs).toISOString()],
  };
  const place = { identify, cluster: config.cluster.name, nowMs };
  return ownFinding(builtinRules.maskingLeak, `masking-leak ${new Date(nowMs).toISOString()}`, evidence, place);
}
