import { Command } from 'commander';
import { didYouMean } from '../../core/closest-word.ts';
import { exitCodes, Fault } from '../../core/faults.ts';
import type { MaskRule, Pack } from '../../masking/pack.ts';
import { keyOption, packOption, parsePolicy } from '../command-options.ts';
import type { CliContext } from '../output.ts';

interface MasksOptions {
  readonly pack?: readonly string[];
  readonly key?: string;
  readonly json?: boolean;
}

/** `auditveil masks`: the mask packs, shipped and own. */
export function masksCommand(context: CliContext): Command {
  const masks = new Command('masks')
    .summary('list, show, test and lint mask packs')
    .description('Works on the shipped mask packs, and with --pack on your own besides them.');
  const add = (name: string, summary: string, description: string, example: string): Command =>
    masks
      .command(name)
      .summary(summary)
      .description(description)
      .addOption(packOption())
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
    'auditveil masks test --pack my-pack.yml',
  )
    .addOption(keyOption())
    .action((options: MasksOptions) => test(context, options));
  add(
    'lint',
    'check packs, and look for slow rules',
    'Loads packs and says what of an imported gitleaks file has no effect here, and which patterns have no trigger: they are tried on every text and slow everything down.',
    'auditveil masks lint my-pack.yml gitleaks.toml',
  )
    .argument('[files...]', 'packs, as with --pack')
    .action((files: readonly string[], options: MasksOptions) => lint(context, [...(options.pack ?? []), ...files]));
  add(
    'policy',
    'show what a policy does',
    'Checks a policy file and shows what it does with each kind and place: id, version and digest as they stand in records.',
    'auditveil masks policy policy.yml',
  )
    .argument('<policy|file>', 'a built-in policy or a policy file', parsePolicy)
    .option('--json', 'as JSON')
    .action((policy: string, options: MasksOptions) => showPolicy(context, policy, options));
  masks
    .command('policy-schema')
    .summary('print the JSON Schema of policy files')
    .description('Prints the JSON Schema (draft 2020-12) of policy files, for editors.')
    .addHelpText('after', '\nExample:\n  auditveil masks policy-schema > policy.schema.json')
    .action(async () => {
      const { policyJsonSchema } = await import('../../masking/policy-file.ts');
      await context.output.line(JSON.stringify(policyJsonSchema(), undefined, 2));
    });
  return masks.addHelpText('after', '\nExample:\n  auditveil masks list');
}

async function load({ pack = [] }: MasksOptions): Promise<readonly { readonly pack: Pack; readonly rule: MaskRule }[]> {
  const { openPacks } = await import('../../pipeline/open-packs.ts');
  const { packs } = await openPacks(pack);
  return packs.flatMap((one) => one.rules.map((rule) => ({ pack: one, rule })));
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
    await output.line(table([['KIND', 'CATEGORY', 'ACTION', 'DEFAULT', 'WHAT'], ...rows], output.tableColumns));
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
  const [{ runPackExamples }, { loadPackFiles }, { userKeyRing }] = await Promise.all([
    import('../../pipeline/run-pack-examples.ts'),
    import('../../pipeline/open-packs.ts'),
    import('../user-key.ts'),
  ]);
  const { packs } = await loadPackFiles(options.pack ?? []);
  const results = runPackExamples(packs, await userKeyRing(context, options.key));
  const failed = results.filter((result) => result.why !== undefined);
  for (const { file, line, example, why } of failed) await context.output.line(`${file}:${line}: ${example}: ${why}`);
  await context.output.line(`${results.length - failed.length} examples passed, ${failed.length} failed`);
  if (failed.length > 0) context.setExitCode(exitCodes.failed);
}

async function lint({ output }: CliContext, paths: readonly string[]): Promise<void> {
  const [{ openPacks }, { lintPacks }] = await Promise.all([
    import('../../pipeline/open-packs.ts'),
    import('../../pipeline/lint-packs.ts'),
  ]);
  const { packs, notices } = await openPacks(paths);
  for (const { file, line, column, message } of notices) await output.line(`${file}:${line}:${column}: ${message}`);
  const { rules, patterns, slow } = lintPacks(packs);
  for (const rule of slow) await output.line(`${rule}: has no trigger, so it is tried on every text`);
  await output.line(`${rules} rules, ${patterns} patterns, ${slow.length} without a trigger`);
}

async function showPolicy({ output }: CliContext, choice: string, { pack = [], json = false }: MasksOptions): Promise<void> {
  const [{ openPacks }, { readPolicy }, { applyPolicy }, { table }] = await Promise.all([
    import('../../pipeline/open-packs.ts'),
    import('../../pipeline/read-policy.ts'),
    import('../../masking/policy.ts'),
    import('../table.ts'),
  ]);
  const { packs } = await openPacks(pack);
  const {
    id,
    version,
    digest,
    packs: inForce,
  } = applyPolicy(packs, { policy: await readPolicy(choice), enable: [], keepUsers: [] });
  const rules = inForce.flatMap((one) => one.rules).filter(({ operation }) => operation.type !== 'document');
  if (json) {
    const shown = rules.map(({ id: rule, kind, category, action, about }) => ({ rule, kind, category, action, about }));
    await output.line(JSON.stringify({ id, version, digest, rules: shown }));
    return;
  }
  await output.line(`${id} version ${version}, digest ${digest}`);
  const rows = rules.filter(({ operation }) => operation.type !== 'keep').map(({ kind, action, about }) => [kind, action, about]);
  await output.line(table([['KIND', 'ACTION', 'WHAT'], ...rows], output.tableColumns));
}
