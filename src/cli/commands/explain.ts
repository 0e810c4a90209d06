import { Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import type { RuleSet } from '../../detection/rule-set.ts';
import { plainJson } from '../../findings/plain-json.ts';
import type { Engine } from '../../pipeline/compose-engine.ts';
import type { KeptFinder } from '../../pipeline/trace-kept.ts';
import {
  enableOption,
  falcoCompatOption,
  keyOption,
  listsOption,
  packOption,
  policyOption,
  profileOption,
  rulesOption,
} from '../command-options.ts';
import { type RuleSetOptions, ruleChoiceOf } from '../load-rule-set.ts';
import type { CliContext } from '../output.ts';
import { rulesNamed } from '../rules-named.ts';

interface ExplainOptions extends RuleSetOptions {
  readonly index?: number;
  readonly auditId?: string;
  readonly policy: string;
  readonly enable: readonly string[];
  readonly pack?: readonly string[];
  readonly rule?: string;
  readonly kept?: boolean;
  readonly key?: string;
  readonly output: 'pretty' | 'json';
}

/** `auditveil explain`: why is this masked, why did this rule match. */
export function explainCommand(context: CliContext): Command {
  return new Command('explain')
    .summary('show which rule masks what in an event and why, and which detection rules match')
    .description(
      'Shows for raw events where something is masked, by which rule of which pack, and what that rule recognised it by; then the detection rules that match, clause by clause. Shows masked values only, never what was masked.',
    )
    .argument('[file]', 'audit events; `-` or nothing for standard input')
    .addOption(new Option('--index <n>', 'only this event, counted from 0').argParser(parseIndex))
    .addOption(new Option('--audit-id <id>', 'only events with this auditID').conflicts('index'))
    .addOption(policyOption())
    .addOption(enableOption())
    .addOption(packOption())
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(falcoCompatOption())
    .addOption(profileOption())
    .addOption(
      new Option(
        '--rule <id|name>',
        'this detection rule, also where it does not match; of a correlation the rules it is made of',
      ),
    )
    .addOption(new Option('--kept', 'also what would be masked if no rule of a pack kept it; takes a moment longer'))
    .addOption(keyOption())
    .addOption(new Option('-o, --output <format>', 'for people, or JSON lines').choices(['pretty', 'json']).default('pretty'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil explain audit.log --index 3\n  auditveil explain audit.log --audit-id 0b3a4d5e-0000-4000-8000-000000000001 --policy strict -o json',
    )
    .action((file: string | undefined, options: ExplainOptions) => explain(context, file, options));
}

function parseIndex(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a number, 0 for the first event.');
  return Number(text);
}

async function explain(context: CliContext, file: string | undefined, options: ExplainOptions): Promise<void> {
  const [{ userKeyRing }, { openEngine }, { traceEngine }, { eachEvent }, { explainEvent, formatExplanation }] =
    await Promise.all([
      import('../user-key.ts'),
      import('../../pipeline/open-engine.ts'),
      import('../../pipeline/trace-engine.ts'),
      import('../each-event.ts'),
      import('../explain-event.ts'),
    ]);
  const keyRing = await userKeyRing(context, options.key);
  const { policy, enable, pack = [] } = options;
  const engine = await openEngine({ policy, enable, packs: pack, detect: ruleChoiceOf(options), keyRing });
  const choice = {
    engine,
    tracer: traceEngine(engine, keyRing),
    kept: options.kept ? await keptFinder(engine, keyRing) : undefined,
    ruleIds: ruleIdsOf(engine.rules, options.rule),
  };
  let found = 0;
  await eachEvent(context, file === undefined ? [] : [file], async (event) => {
    if (options.index !== undefined && event.index !== options.index) return undefined;
    const explanation = explainEvent(event, choice);
    if (options.auditId !== undefined && explanation.auditID !== options.auditId) return undefined;
    found++;
    await context.output.write(options.output === 'json' ? `${plainJson(explanation)}\n` : formatExplanation(explanation));
    return options.index === undefined ? undefined : 'stop';
  });
  if (found === 0 && (options.index !== undefined || options.auditId !== undefined)) {
    throw new Fault('there is no such event', {
      code: 'E_USAGE_EVENT',
      remedy: 'Count from 0; an auditID has to be written in full.',
    });
  }
}

async function keptFinder(engine: Engine, keyRing: KeyRing): Promise<KeptFinder> {
  const trace = await import('../../pipeline/trace-kept.ts');
  return new trace.KeptFinder(engine, keyRing);
}

/** Ids of the rules that a name or id stands for: of a correlation those whose matches it goes back to. */
function ruleIdsOf(set: RuleSet, wanted: string | undefined): ReadonlySet<string> | undefined {
  if (wanted === undefined) return undefined;
  const found = rulesNamed(set, wanted);
  return new Set(found.flatMap((loaded) => ('leaves' in loaded ? loaded.leaves.flat() : [loaded.rule.info.id])));
}
