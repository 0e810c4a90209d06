import { Command, Option } from 'commander';
import type { TileInspector } from '../../core/tile.ts';
import type { Policy } from '../../masking/policy.ts';
import { enableOption, keyOption, packOption, parsePolicy, policyOption, workersOption } from '../command-options.ts';
import type { MaskedWriter } from '../masked-writer.ts';
import type { CliContext } from '../output.ts';

interface MaskOptions {
  readonly policy: string;
  readonly pack?: readonly string[];
  readonly enable: readonly string[];
  readonly key?: string;
  readonly workers: number | 'auto';
  readonly policyDiff?: readonly string[];
  readonly json?: boolean;
  readonly failOnExposed?: boolean;
}

/** `auditveil mask`: one line in, one line out. */
export function maskCommand(context: CliContext): Command {
  return new Command('mask')
    .summary('mask audit events: one line in, one line out')
    .description(
      'Masks secrets, personal data and addresses in audit events and writes them in the same order. Lists and wrappers keep their shape, a document over several lines comes back as that document. What cannot be masked safely becomes a stub line without content; stubs are counted on standard error.',
    )
    .argument('[files...]', 'JSON lines, EventLists or documents, plain or gzip; `-` or nothing for standard input')
    .addOption(policyOption())
    .addOption(enableOption())
    .addOption(packOption())
    .addOption(keyOption())
    .addOption(workersOption())
    .addOption(
      new Option(
        '--policy-diff <a b files...>',
        'mask nothing; say which fields of the files a change from policy a to policy b would expose or mask, with counts',
      ).conflicts('policy'),
    )
    .addOption(new Option('--json', 'with --policy-diff: as JSON lines'))
    .addOption(new Option('--fail-on-exposed', 'with --policy-diff: exit code 5 where something would be exposed'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil mask /var/log/kubernetes/audit/audit.log > safe.jsonl\n  kubectl get --raw /some/audit/export | auditveil mask --policy strict\n  auditveil mask --policy-diff standard my-policy.yml audit.log',
    )
    .action((files: readonly string[], options: MaskOptions) =>
      options.policyDiff ? compare(context, files, options, options.policyDiff) : mask(context, files, options),
    );
}

async function compare(
  context: CliContext,
  files: readonly string[],
  options: MaskOptions,
  words: readonly string[],
): Promise<void> {
  const { comparePolicies, splitPolicies } = await import('../compare-policies.ts');
  const { policies, files: more } = splitPolicies(words, parsePolicy);
  const { enable, pack: packs = [], key, json = false, failOnExposed = false } = options;
  await comparePolicies(context, { policies, files: [...more, ...files], enable, packs, key, json, failOnExposed });
}

async function mask(context: CliContext, files: readonly string[], options: MaskOptions): Promise<void> {
  const [{ userKeyRing }, { openEngine }, { isShared, openWorkers, tilesInFlight }, { inspectInputs }] = await Promise.all([
    import('../user-key.ts'),
    import('../../pipeline/open-engine.ts'),
    import('../../pipeline/open-workers.ts'),
    import('../inspect-inputs.ts'),
  ]);
  const keyRing = await userKeyRing(context, options.key);
  const { policy, enable, pack: packs = [], workers } = options;
  const engine = await openEngine({ policy, enable, packs, keyRing, shared: isShared(workers) });
  const ended = (): void => context.output.note(workerEnded);
  const pool = await openWorkers(workers, engine, ended);
  const inspector = pool?.inspectorWith(keyRing) ?? engine.inspector;
  const writer = await checkedWriter(context, engine.policy, inspector);
  await inspectInputs(context, engine, {
    files,
    lists: 'whole',
    cluster: '',
    nowMs: Date.now,
    inspector,
    ...(pool && { tilesInFlight: tilesInFlight(pool.workers) }),
    use: (tile, _, prefixes) => writer.write(tile, prefixes),
  });
  await pool?.close();
}

/** Writes to standard output, and nothing in which a canary of this run is seen. */
async function checkedWriter(context: CliContext, policy: Policy, inspector: TileInspector): Promise<MaskedWriter> {
  const [{ MaskedWriter }, { CanaryMark }, { exitCheck }, { systemRandom }] = await Promise.all([
    import('../masked-writer.ts'),
    import('../../pipeline/canary-mark.ts'),
    import('../../pipeline/exit-check.ts'),
    import('../../crypto/random.ts'),
  ]);
  const check = await exitCheck(inspector, policy, new CanaryMark(systemRandom), Date.now() * 1000);
  return new MaskedWriter(context.output, check);
}

const workerEnded = 'auditveil: a worker thread ended and was replaced; what it was looking at is inspected again';
