import { systemRandom } from '../crypto/random.ts';
import { examplesFor } from '../pipeline/canary-examples.ts';
import type { Engine } from '../pipeline/compose-engine.ts';
import { isPolicyId } from '../pipeline/read-policy.ts';
import { SelfTest } from '../pipeline/self-test.ts';
import { Checking, type CheckResult } from './check-result.ts';

const namedAtMost = 4;

/** Runs the self-test that the agent runs before its first event: made-up secrets of every kind in force through the masks. */
export async function checkMasking(engine: Engine, keepUsers: readonly string[], nowMs: number): Promise<CheckResult> {
  const checking = new Checking('masking');
  const { packs, id } = engine.policy;
  const everyRule = isPolicyId(id) && keepUsers.length === 0;
  const examplesOf = await examplesFor(packs);
  const selfTest = new SelfTest({ inspector: engine.inspector, packs, examplesOf, everyRule, random: systemRandom });
  const first = await selfTest.run(nowMs * 1000);
  const again = await selfTest.run(nowMs * 1000);
  const remedy = 'Nothing would be forwarded. Try `auditveil masks test` with the same packs.';
  const leaks = [...first.leaks, ...again.leaks].map(({ origin }) => origin);
  if (leaks.length > 0)
    return checking.failed(`the self-test found its secrets unmasked: ${leaks.slice(0, namedAtMost).join('; ')}`, remedy);
  const broken = first.broken ?? again.broken;
  if (broken !== undefined) return checking.failed(broken, remedy);
  return checking.ok(
    `policy ${id}, ${engine.plan.maskRules.length} mask rules; ${selfTest.canaries} made-up secrets, none came out`,
  );
}
