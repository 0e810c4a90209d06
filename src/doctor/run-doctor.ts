import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config, SourceConfig } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { loadKeyRing } from '../crypto/key-ring-file.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { openEngine } from '../pipeline/open-engine.ts';
import { checkAgent } from './check-agent.ts';
import { type CompletenessLook, checkCompleteness } from './check-completeness.ts';
import { checkFileSource } from './check-file-source.ts';
import { checkKeys } from './check-keys.ts';
import { checkLog } from './check-log.ts';
import { checkMasking } from './check-masking.ts';
import { Checking, type CheckResult } from './check-result.ts';
import { checkRules } from './check-rules.ts';
import { checkSinks } from './check-sinks.ts';
import { checkTransport } from './check-transport.ts';
import { checkWebhookSource } from './check-webhook-source.ts';

export interface DoctorRequest {
  readonly config: Config;
  readonly configFile: string;
  /** kube-apiserver's audit policy and webhook kubeconfig; absent: those beside the configuration, where there are some. */
  readonly policyFile?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly completeness: Omit<CompletenessLook, 'nowMs'>;
  readonly clock: Clock;
}

/** Looks at everything an agent with this configuration depends on. Changes nothing; results come as they are made. */
export async function* runDoctor(request: DoctorRequest): AsyncGenerator<CheckResult, void, undefined> {
  const { config, configFile, clock, completeness } = request;
  const folder = dirname(resolve(configFile));
  const count = (list: readonly unknown[], word: string): string => `${list.length} ${word}${list.length === 1 ? '' : 's'}`;
  yield new Checking('configuration').ok(`${configFile}: ${count(config.sources, 'source')}, ${count(config.sinks, 'sink')}`);
  const policyFile = request.policyFile ?? (await beside(folder, 'audit-policy.yaml'));
  const { results, rules } = await checkEngine(config, policyFile, clock.nowMs());
  yield* results;
  const kubeconfig = request.kubeconfig ?? (await beside(folder, 'audit-webhook.yaml'));
  for (const source of config.sources) yield* await checkSource(source, { config, kubeconfig, folder, nowMs: clock.nowMs() });
  yield* await checkLog(config, clock.nowMs());
  yield* await checkTransport(config, rules);
  yield* await checkSinks(config, clock);
  yield* await checkAgent(config);
  if (completeness.urls.length > 0) yield* await checkCompleteness(config, { ...completeness, nowMs: clock.nowMs });
  else
    yield new Checking('completeness').skipped(
      'not compared with kube-apiserver',
      'Give --metrics https://…/metrics, or --metrics-kubeconfig: its own counters are compared with the log.',
    );
}

/** Keys, and what needs them: the plan of masks and rules, tried out. */
async function checkEngine(
  config: Config,
  policyFile: string | undefined,
  nowMs: number,
): Promise<{ readonly results: readonly CheckResult[]; readonly rules?: RuleSet | undefined }> {
  const { masking, detect } = config;
  const { keyFile, keyFileGroupReadable: groupReadable } = masking;
  const checking = new Checking('key');
  if (keyFile === undefined)
    return {
      results: [checking.failed('the configuration names no key', 'Set `masking.keyFile`; `auditveil keys init` makes one.')],
    };
  let keyRing: KeyRing | undefined;
  const keys = await checking.from(async () => {
    keyRing = await loadKeyRing(keyFile, { groupReadable });
    return [checkKeys(keyRing, nowMs)];
  });
  if (keyRing === undefined) return { results: [...keys, new Checking('masking').skipped('cannot be tried without a key')] };
  const ring = keyRing;
  let rules: RuleSet | undefined;
  const engine = await new Checking('masking').from(async () => {
    const opened = await openEngine({ ...masking, detect, keyRing: ring });
    rules = opened.rules;
    return [await checkMasking(opened, masking.keepUsers, nowMs), ...(await checkRules(opened.rules, policyFile))];
  });
  return { results: [...keys, ...engine], rules };
}

interface SourceLook {
  readonly config: Config;
  readonly kubeconfig: string | undefined;
  readonly folder: string;
  readonly nowMs: number;
}

async function checkSource(
  source: SourceConfig,
  { config, kubeconfig, folder, nowMs }: SourceLook,
): Promise<readonly CheckResult[]> {
  if (source.type === 'file') return checkFileSource(source, { directory: config.log.directory, nowMs });
  if (source.type === 'webhook')
    return checkWebhookSource(source, { kubeconfig, nowMs, renew: `auditveil init webhook --renew --out ${folder}` });
  return [new Checking(`source ${source.name}`).skipped('nothing to look at before it runs')];
}

async function beside(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  return stat(path).then(
    () => path,
    () => undefined,
  );
}
