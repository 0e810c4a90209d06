import { Command, Option } from 'commander';
import type { ClientAccess } from '../../apiserver/ask.ts';
import { exitCodes, Fault } from '../../core/faults.ts';
import type { CheckState } from '../../doctor/check-result.ts';
import { parseDurationMs, repeatable } from '../command-options.ts';
import type { CliContext } from '../output.ts';
import { readText } from '../read-text.ts';

interface DoctorOptions {
  readonly config: string;
  readonly policy?: string;
  readonly kubeconfig?: string;
  readonly metrics?: readonly string[];
  readonly metricsKubeconfig?: string;
  readonly metricsCa?: string;
  readonly metricsTokenFile?: string;
  readonly metricsCert?: string;
  readonly metricsKey?: string;
  readonly metricsInsecure?: boolean;
  readonly wait: number;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** `auditveil doctor`: whether everything an agent depends on is as it should be. */
export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .summary('look whether everything an agent depends on is as it should be')
    .description(
      "Looks at a configuration and what it depends on: keys, masking (tried with made-up secrets), rules against the audit policy, sources with their certificates, the log and its disk, sinks, the running agent, and with --metrics whether everything kube-apiserver counted is in the log. Says what to do about what is wrong. Changes nothing. Run it as the agent's user.",
    )
    .addOption(new Option('--config <file>', 'configuration of the agent').default('/etc/auditveil/config.yaml'))
    .addOption(
      new Option('--policy <file>', 'audit policy of kube-apiserver (default: audit-policy.yaml beside the configuration)'),
    )
    .addOption(
      new Option('--kubeconfig <file>', 'what kube-apiserver sends by (default: audit-webhook.yaml beside the configuration)'),
    )
    .addOption(
      repeatable(
        new Option('--metrics <url>', 'metrics of a kube-apiserver, for example https://192.0.2.10:6443/metrics; once for each'),
      ),
    )
    .addOption(new Option('--metrics-kubeconfig <file>', 'address and credentials of a user who may get /metrics'))
    .addOption(new Option('--metrics-ca <file>', "authority of kube-apiserver's certificate, PEM"))
    .addOption(new Option('--metrics-token-file <file>', 'bearer token for /metrics'))
    .addOption(new Option('--metrics-cert <file>', 'client certificate for /metrics, PEM'))
    .addOption(new Option('--metrics-key <file>', 'its private key, PEM'))
    .addOption(new Option('--metrics-insecure', "take any certificate of kube-apiserver's"))
    .addOption(
      new Option('--wait <duration>', 'how long what kube-apiserver counted may take to arrive')
        .argParser(parseDurationMs)
        .default(45_000, '45s'),
    )
    .option('--strict', 'exit code 5 where something is a warning')
    .option('--json', 'as JSON lines')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing failed, 1 something failed, 3 the configuration cannot be read, 5 warnings (--strict).\n\nExample:\n  auditveil doctor --config /etc/auditveil/config.yaml\n  auditveil doctor --metrics https://127.0.0.1:6443/metrics --metrics-kubeconfig /etc/kubernetes/admin.conf',
    )
    .action((options: DoctorOptions) => doctor(context, options));
}

async function doctor(context: CliContext, options: DoctorOptions): Promise<void> {
  const [{ readConfigFile }, { runDoctor }, { reportLines, reportSummary }] = await Promise.all([
    import('../read-config-file.ts'),
    import('../../doctor/run-doctor.ts'),
    import('../doctor-report.ts'),
  ]);
  const { output } = context;
  const config = await readConfigFile(options.config, context.env);
  const { urls, access } = await metricsOf(options);
  const states: CheckState[] = [];
  const completeness = { urls, access, waitMs: options.wait };
  const { policy: policyFile, kubeconfig, config: configFile } = options;
  const request = { config, configFile, policyFile, kubeconfig, completeness, clock: { nowMs: Date.now } };
  for await (const result of runDoctor(request)) {
    states.push(result.state);
    await output.line(options.json ? JSON.stringify(result) : reportLines(result, output));
  }
  if (!options.json) await output.line(`\n${reportSummary(states)}`);
  if (states.includes('failed')) context.setExitCode(exitCodes.failed);
  else if (options.strict && states.includes('warning')) context.setExitCode(exitCodes.found);
}

/** The pages to ask, and with what: the kubeconfig first, single files over it. */
async function metricsOf(options: DoctorOptions): Promise<{ readonly urls: readonly string[]; readonly access: ClientAccess }> {
  const { readKubeconfig } = await import('../../wiring/read-kubeconfig.ts');
  const given = options.metricsKubeconfig === undefined ? undefined : await readKubeconfig(options.metricsKubeconfig);
  const text = async (file: string | undefined): Promise<string | undefined> => (file === undefined ? undefined : readText(file));
  const urls = options.metrics ?? (given === undefined ? [] : [`${given.server.replace(/\/$/, '')}/metrics`]);
  for (const url of urls) {
    if (/^https?:\/\//.test(url)) continue;
    throw new Fault('an address of metrics is no URL', {
      code: 'E_USAGE_URL',
      remedy: 'Write for example https://192.0.2.10:6443/metrics.',
    });
  }
  return {
    urls,
    access: {
      authority: (await text(options.metricsCa)) ?? given?.authority,
      certificate: (await text(options.metricsCert)) ?? given?.certificate,
      privateKey: (await text(options.metricsKey)) ?? given?.privateKey,
      token: (await text(options.metricsTokenFile))?.trim() ?? given?.token,
      serverName: given?.serverName,
      insecure: options.metricsInsecure ?? false,
    },
  };
}
