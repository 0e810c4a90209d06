import { Command, Option } from 'commander';
import { didYouMean } from '../../core/closest-word.ts';
import { exitCodes, Fault } from '../../core/faults.ts';
import type { MaskRule, Pack } from '../../masking/pack.ts';
import type { PackFile } from '../../masking/pack-source.ts';
import { keyOption, repeatable } from '../command-options.ts';
import type { CliContext } from '../output.ts';

interface MasksOptions {
  readonly packs?: readonly string[];
  readonly key?: string;
  readonly json?: boolean;
}

/** `auditveil masks`: the mask packs, shipped and own. */
export function masksCommand(context: CliContext): Command {
  const masks = new Command('masks')
    .summary('list, show, test and lint mask packs')
    .description('Works on the shipped mask packs, and with --packs on your own besides them.');
  const add = (name: string, summary: string, description: string, example: string): Command =>
    masks
      .command(name)
      .summary(summary)
      .description(description)
      .addOption(
        repeatable(new Option('--packs <file|folder>', 'own packs besides the shipped ones; may be given several times')),
      )
      .addHelpText('after', `\nExample:\n  ${example}`);
  add('list', 'list kinds', 'Lists mask rules: kind, what is done with it, whether it is on by default.', 'auditveil masks list')
    .option('--json', 'as JSON lines')
    .action((options: MasksOptions) => list(context, options));
  add('show', 'show the rules of a kind', 'Shows the rules of a kind, or one rule by id, as JSON.', 'auditveil masks show email')
    .argument('<kind|rule>', 'a kind or the id of a rule')
    .action((wanted: string, options: MasksOptions) => show(context, wanted, options));
  add(
    'test',
    'run the examples of packs',
    'Masks the examples inside the packs and looks for what must go and what must stay. Exit code 1 where one fails.',
    'auditveil masks test --packs my-pack.yml',
  )
    .addOption(keyOption())
    .action((options: MasksOptions) => test(context, options));
  add(
    'lint',
    'look for slow rules',
    'Looks for patterns without a trigger: they are tried on every text and slow everything down.',
    'auditveil masks lint --packs my-pack.yml',
  )
    .addOption(keyOption())
    .action((options: MasksOptions) => lint(context, options));
  return masks.addHelpText('after', '\nExample:\n  auditveil masks list');
}

async function packFiles({ packs = [] }: MasksOptions): Promise<readonly PackFile[]> {
  const { readYamlFiles, shippedPacks } = await import('../../pipeline/load-files.ts');
  return [...(await shippedPacks()), ...(await Promise.all(packs.map(readYamlFiles))).flat()];
}

async function load(options: MasksOptions): Promise<readonly { readonly pack: Pack; readonly rule: MaskRule }[]> {
  const { loadPacks } = await import('../../masking/load-pack.ts');
  return loadPacks(await packFiles(options)).flatMap((pack) => pack.rules.map((rule) => ({ pack, rule })));
}

async function list(context: CliContext, options: MasksOptions): Promise<void> {
  const [all, { table }] = await Promise.all([load(options), import('../table.ts')]);
  const rules = all.filter(({ rule }) => rule.operation.type !== 'keep' && rule.operation.type !== 'document');
  const { output } = context;
  if (options.json) {
    await output.write(
      rules
        .map(
          ({ pack, rule: { id, kind, category, action, enabled, about } }) =>
            `${JSON.stringify({ id, kind, category, action, enabled, about, file: pack.file })}\n`,
        )
        .join(''),
    );
  } else {
    const rows = rules.map(({ rule }) => [rule.kind, rule.category, rule.action, rule.enabled ? 'on' : 'off', rule.about]);
    await output.line(table([['KIND', 'CATEGORY', 'ACTION', 'DEFAULT', 'WHAT'], ...rows], output.columns));
  }
}

async function show(context: CliContext, wanted: string, options: MasksOptions): Promise<void> {
  const all = await load(options);
  const found = all.filter(({ rule }) => rule.kind === wanted || rule.id === wanted);
  if (found.length === 0) {
    throw new Fault(`there is no kind or rule \`${wanted}\``, {
      code: 'E_USAGE_KIND',
      remedy: didYouMean(wanted, [...new Set(all.map(({ rule }) => rule.kind))].sort()),
    });
  }
  for (const { pack, rule } of found)
    await context.output.line(`# ${pack.file}:${rule.line}\n${JSON.stringify(rule, undefined, 2)}`);
}

async function test(context: CliContext, options: MasksOptions): Promise<void> {
  const [{ runPackExamples }, { userKeyRing }] = await Promise.all([
    import('../../pipeline/run-pack-examples.ts'),
    import('../user-key.ts'),
  ]);
  const results = runPackExamples(await packFiles(options), await userKeyRing(context, options.key));
  const failed = results.filter((result) => result.why !== undefined);
  for (const { file, line, example, why } of failed) await context.output.line(`${file}:${line}: ${example}: ${why}`);
  await context.output.line(`${results.length - failed.length} examples passed, ${failed.length} failed`);
  if (failed.length > 0) context.setExitCode(exitCodes.failed);
}

async function lint(context: CliContext, options: MasksOptions): Promise<void> {
  const [{ loadEngine }, { userKeyRing }] = await Promise.all([import('../../pipeline/engine.ts'), import('../user-key.ts')]);
  const files = await packFiles(options);
  const keyRing = await userKeyRing(context, options.key);
  const { plan } = loadEngine({ policy: 'standard', enable: ['all'], keepUsers: [], packFiles: files, ruleFiles: [], keyRing });
  const triggered = new Set(plan.triggers.flatMap((trigger) => trigger.patterns));
  const slow = plan.patterns.filter((_, number) => !triggered.has(number));
  for (const pattern of slow)
    await context.output.line(`${plan.maskRules[pattern.rule]?.id ?? 'built-in'}: has no trigger, so it is tried on every text`);
  await context.output.line(`${plan.maskRules.length} rules, ${plan.patterns.length} patterns, ${slow.length} without a trigger`);
}
