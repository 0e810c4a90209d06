import { Command, InvalidArgumentError, Option } from 'commander';
import { didYouMean } from '../../core/closest-word.ts';
import { exitCodes, Fault } from '../../core/faults.ts';
import type { PostureReport } from '../../detection/posture/posture.ts';
import { plainJson } from '../../findings/plain-json.ts';
import { listsOption, parseDurationMs, profileOption, repeatable, rulesOption } from '../command-options.ts';
import { type KeyPlaceOptions, keyPlace } from '../key-place.ts';
import { type RuleSetOptions, ruleChoiceOf } from '../load-rule-set.ts';
import type { CliContext } from '../output.ts';

interface PostureCommandOptions extends Pick<KeyPlaceOptions, 'key' | 'config'>, RuleSetOptions {
  readonly deliveredBy?: readonly string[];
  readonly serverVersion?: number;
  readonly staleAfter?: number;
  readonly failOn: readonly string[];
  readonly output: 'table' | 'json';
}

/** `auditveil posture`: which practices a cluster does not follow, as far as its audit log shows. */
export function postureCommand(context: CliContext): Command {
  return new Command('posture')
    .summary('show which recommended practices a cluster does not follow, as far as its audit log shows')
    .description(
      'Judges practices that users of Kubernetes are told to follow (delivery from a repository, probes, image versions, quotas, network policies, supported versions …) from audit events, raw or masked. Raw events are masked in memory first; the report holds masked values only. What a log cannot show is said, not passed over (docs/posture.md).',
    )
    .argument('[inputs...]', 'audit logs, plain or gzip, or data folders of agents; `-` or nothing for standard input')
    .addOption(
      new Option('-o, --output <format>', 'for people, or one JSON document').choices(['table', 'json']).default('table'),
    )
    .addOption(
      new Option('--fail-on <practice,…|any>', 'exit code 5 where one of these was found: ids, areas such as `image`, or any')
        .argParser((value: string, before: readonly string[]) => [...before, ...value.split(',').map((id) => id.trim())])
        .default([], 'none'),
    )
    .addOption(
      repeatable(
        new Option(
          '--delivered-by <user>',
          'a user whose changes come from a repository, such as the robot of a pipeline; may be given several times',
        ),
      ),
    )
    .addOption(
      new Option(
        '--server-version <version>',
        'version of the API server, such as 1.31 (default: what its own requests say)',
      ).argParser(parseVersion),
    )
    .addOption(
      new Option(
        '--stale-after <duration>',
        'call a binding unused when nobody used it for so long; a shorter log says nothing (default: 7d)',
      ).argParser(parseDurationMs),
    )
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(profileOption())
    .addOption(
      new Option(
        '--key <file>',
        'key file that --delivered-by is turned into pseudonyms with (default: the one in your state folder)',
      ),
    )
    .addOption(new Option('--config <file>', "the agent's configuration: its key file is used"))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil posture /var/log/kubernetes/audit/audit.log\n  auditveil posture auditveil-data --fail-on image,namespace.network-policy -o json',
    )
    .action((inputs: readonly string[], options: PostureCommandOptions) => posture(context, inputs, options));
}

function parseVersion(text: string): number {
  const minor = /^v?1\.(\d{1,3})(\.|$)/.exec(text)?.[1];
  if (minor === undefined) throw new InvalidArgumentError('Write a version of Kubernetes such as 1.31.');
  return Number(minor);
}

async function posture(context: CliContext, inputs: readonly string[], options: PostureCommandOptions): Promise<void> {
  const [{ Posture }, { userKeyRing }, { openEngine, openRules }, { eachMaskedEvent }, { cloudUsers, userForms }] =
    await Promise.all([
      import('../../detection/posture/posture.ts'),
      import('../user-key.ts'),
      import('../../pipeline/open-engine.ts'),
      import('../masked-events.ts'),
      import('../user-forms.ts'),
    ]);
  checkFailOn(
    options.failOn,
    Posture.practices().map(({ id }) => id),
  );
  const place = await keyPlace(context, options);
  const keyRing = await userKeyRing(context, options.config === undefined ? options.key : place.file, place);
  const engine = () => openEngine({ policy: 'standard', enable: [], keyRing });
  const judged = new Posture({
    rules: await openRules(ruleChoiceOf(options)),
    deliveredBy: await userForms(keyRing, options.deliveredBy ?? []),
    machines: await userForms(keyRing, cloudUsers),
    ...(options.staleAfter === undefined ? {} : { staleAfterMs: options.staleAfter }),
    ...(options.serverVersion === undefined ? {} : { serverMinor: options.serverVersion }),
  });
  await eachMaskedEvent(context, inputs, engine, ({ json, timeMs }) => judged.observe(json, timeMs));
  const report = judged.report();
  if (options.output === 'json') await context.output.line(plainJson(report, 2));
  else {
    const { formatPosture } = await import('../posture-report.ts');
    await context.output.write(formatPosture(report, context.output.columns));
  }
  if (failed(report, options.failOn)) context.setExitCode(exitCodes.found);
}

/** @throws Fault E_USAGE_PRACTICE */
function checkFailOn(failOn: readonly string[], ids: readonly string[]): void {
  for (const wanted of failOn) {
    if (wanted === 'any' || ids.some((id) => id === wanted || id.startsWith(`${wanted}.`))) continue;
    throw new Fault(`there is no practice \`${wanted}\``, { code: 'E_USAGE_PRACTICE', remedy: didYouMean(wanted, ids) });
  }
}

const failed = ({ practices }: PostureReport, failOn: readonly string[]): boolean =>
  practices.some(
    ({ id, status }) =>
      status === 'found' && failOn.some((wanted) => wanted === 'any' || id === wanted || id.startsWith(`${wanted}.`)),
  );
