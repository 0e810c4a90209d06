import { Command, Option } from 'commander';
import { utf8Text } from '../core/byte-text.ts';
import type { AuditPolicy } from '../detection/audit-policy.ts';
import type { PolicyEstimate } from '../detection/policy-estimate.ts';
import type { Profile } from '../detection/rule.ts';
import type { RuleCoverage } from '../detection/rule-coverage.ts';
import { listsOption, profileOption, repeatable, rulesOption } from './command-options.ts';
import type { CliContext } from './output.ts';

interface PolicyOptions {
  readonly rules?: readonly string[];
  readonly lists?: readonly string[];
  readonly profile: Profile;
  readonly sample?: readonly string[];
  readonly secretBodies?: boolean;
  readonly output: 'yaml' | 'json';
}

const dayMs = 86_400_000;

/** `auditveil init policy`: the smallest audit policy under which rules can see. */
export function initPolicyCommand(context: CliContext): Command {
  return new Command('policy')
    .summary('write the smallest audit policy under which the chosen rules can see')
    .description(
      'Works out from the conditions of the rules which requests the API server has to log, at which level and stages, and writes an audit policy that logs that and no more. With --sample it says what that takes a day. Bodies of secrets and tokens are not logged unless asked for; rules that need them are named. Check any policy with `auditveil rules coverage`.',
    )
    .addOption(profileOption())
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(
      repeatable(new Option('--sample <log>', 'audit log of the cluster, to estimate the size; may be given several times')),
    )
    .option('--secret-bodies', 'log the bodies of secrets and tokens where rules ask for them')
    .addOption(
      new Option('-o, --output <format>', 'the policy with its estimate in comments, or JSON')
        .choices(['yaml', 'json'])
        .default('yaml'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  auditveil init policy > audit-policy.yaml\n  auditveil init policy --rules my-rules/ --sample audit.log > audit-policy.yaml',
    )
    .action((options: PolicyOptions) => initPolicy(context, options));
}

async function initPolicy(context: CliContext, options: PolicyOptions): Promise<void> {
  const [{ loadRuleSet }, { policyNeeds }, { writePolicy }, { parseAuditPolicy }, { ruleCoverage }] = await Promise.all([
    import('./load-rule-set.ts'),
    import('../detection/policy-needs.ts'),
    import('../detection/write-policy.ts'),
    import('../detection/audit-policy.ts'),
    import('../detection/rule-coverage.ts'),
  ]);
  const { set } = await loadRuleSet(options);
  const text = writePolicy(policyNeeds(set), { secretBodies: options.secretBodies ?? false });
  const policy = parseAuditPolicy('the policy', text);
  const coverage = ruleCoverage(set, policy);
  const estimate = options.sample && (await estimateOf(context, policy, options.sample));
  const blind = coverage.filter(({ state }) => state === 'blind');
  if (options.output === 'json') {
    const count = (state: RuleCoverage['state']): number => coverage.filter((row) => row.state === state).length;
    const states = {
      sees: count('sees'),
      partly: count('partly'),
      waits: count('waits'),
      blind: blind.map(({ rule }) => rule.name),
    };
    const perDay = estimate && perDayOf(estimate);
    await context.output.line(
      JSON.stringify({ policy: text, rules: states, ...(estimate && { estimate: { ...estimate, ...perDay } }) }),
    );
  } else
    await context.output.write(
      `${comments(coverage, estimate)
        .map((line) => `# ${line}\n`)
        .join('')}${text}`,
    );
}

async function estimateOf(context: CliContext, policy: AuditPolicy, files: readonly string[]): Promise<PolicyEstimate> {
  const [{ eachEvent }, { PolicyEstimator }] = await Promise.all([
    import('./each-event.ts'),
    import('../detection/policy-estimate.ts'),
  ]);
  const estimator = new PolicyEstimator(policy);
  let shownMs = 0;
  await eachEvent(context, files, ({ bytes, start, end, reason, index }) => {
    if (reason === undefined) estimator.add(parsed(bytes.subarray(start, end)), end - start + 1);
    if (Date.now() - shownMs > 200) {
      shownMs = Date.now();
      context.output.progress(`${index} events`);
    }
    return Promise.resolve(undefined);
  });
  context.output.progress(undefined);
  return estimator.estimate();
}

/** Raw, in memory only: sizes leave, values do not. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Text(bytes));
  } catch {
    return undefined;
  }
}

interface PerDay {
  readonly eventsPerDay: number | undefined;
  readonly bytesPerDay: number | undefined;
}

/** Less than an hour says nothing about a day. */
const shortMs = 3_600_000;

function perDayOf({ loggedEvents, loggedBytes, spanMs }: PolicyEstimate): PerDay {
  const times = spanMs === 0 ? undefined : dayMs / spanMs;
  return {
    eventsPerDay: times === undefined ? undefined : Math.round(loggedEvents * times),
    bytesPerDay: times === undefined ? undefined : Math.round(loggedBytes * times),
  };
}

function comments(coverage: readonly RuleCoverage[], estimate: PolicyEstimate | undefined): readonly string[] {
  const blind = coverage.filter(({ state }) => state === 'blind').map(({ rule }) => rule.name);
  return [
    `Audit policy of kube-apiserver: what ${coverage.length} rules of Auditveil need, made by \`auditveil init policy\`.`,
    'The first rule that fits a request decides. Look what rules see: auditveil rules coverage --policy FILE',
    ...(blind.length > 0 ? [`Blind without the bodies of secrets (--secret-bodies): ${blind.join(', ')}.`] : []),
    ...(estimate ? estimateLines(estimate) : []),
  ];
}

function estimateLines(estimate: PolicyEstimate): readonly string[] {
  const { events, bytes, loggedEvents, loggedBytes, withoutBodies, spanMs } = estimate;
  const { eventsPerDay, bytesPerDay } = perDayOf(estimate);
  const share = bytes === 0 ? 0 : Math.round((100 * loggedBytes) / bytes);
  return [
    `Of the sample (${events} events, ${size(bytes)}) it logs ${loggedEvents} events, ${size(loggedBytes)} (${share} %).`,
    ...(eventsPerDay === undefined || bytesPerDay === undefined
      ? ['The sample tells no time: there is no figure for a day.']
      : [
          `About ${size(bytesPerDay)} and ${eventsPerDay} events a day, from a sample of ${Math.max(1, Math.round(spanMs / 60_000))} minutes${spanMs < shortMs ? ': too short to rely on' : ''}.`,
        ]),
    ...(withoutBodies > 0
      ? [`${withoutBodies} of these events have no body in the sample and would have one: it will be more.`]
      : []),
  ];
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
