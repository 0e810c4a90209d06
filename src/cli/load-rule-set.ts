import type { RuleFile } from '../detection/load-rules.ts';
import type { Profile } from '../detection/rule.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import type { RuleChoice } from '../pipeline/open-engine.ts';

export interface RuleSetOptions {
  /** Own rules; absent: the shipped ones. */
  readonly rules?: readonly string[];
  readonly lists?: readonly string[];
  readonly profile: Profile;
  readonly falcoCompat?: boolean;
}

/** Options of commands that run rules over events. */
export interface DetectingOptions extends RuleSetOptions {
  readonly exceptions?: readonly string[];
}

/** The rules that options name, as an engine takes them. */
export function ruleChoiceOf(options: DetectingOptions): RuleChoice {
  const { profile, rules, lists = [], falcoCompat = false, exceptions = [] } = options;
  return { profile, builtIn: rules === undefined, rules: rules ?? [], lists, falcoCompat, exceptionFiles: exceptions };
}

/** Reads the rules that options name, with their examples. @throws Faults with file, line and column */
export async function loadRuleSet(
  options: RuleSetOptions,
  exampleLists = false,
): Promise<{ readonly set: RuleSet; readonly files: readonly RuleFile[] }> {
  const [{ loadRules }, { readRuleFiles, shippedMapping, shippedRules }, { readLists }] = await Promise.all([
    import('../detection/load-rules.ts'),
    import('../pipeline/load-files.ts'),
    import('../pipeline/open-engine.ts'),
  ]);
  const files = options.rules === undefined ? await shippedRules() : (await Promise.all(options.rules.map(readRuleFiles))).flat();
  const lists = await readLists(options.lists ?? [], files);
  return {
    files,
    set: loadRules([...files, ...lists], {
      exampleLists,
      mapping: await shippedMapping(),
      profile: options.profile,
      requireTests: options.rules === undefined,
      falcoCompat: options.falcoCompat ?? false,
    }),
  };
}
