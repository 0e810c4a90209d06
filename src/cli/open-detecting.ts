import type { KeyRing } from '../crypto/key-ring.ts';
import { type OpenedEngine, openEngine } from '../pipeline/open-engine.ts';
import { type DetectingOptions, ruleChoiceOf } from './load-rule-set.ts';
import type { CliContext } from './output.ts';
import { userKeyRing } from './user-key.ts';

/** The engine of commands that look for attacks in a log: masks as `standard` does, with the rules and the key that options name. */
export async function openDetecting(
  context: CliContext,
  options: DetectingOptions & { readonly key?: string },
): Promise<{ readonly engine: OpenedEngine; readonly keyRing: KeyRing }> {
  const keyRing = await userKeyRing(context, options.key);
  return { keyRing, engine: await openEngine({ policy: 'standard', enable: [], keyRing, detect: ruleChoiceOf(options) }) };
}
