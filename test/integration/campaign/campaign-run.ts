import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { accessSteps } from './attack-access.ts';
import { effectSteps } from './attack-effects.ts';
import { executionSteps } from './attack-execution.ts';
import { persistenceSteps } from './attack-persistence.ts';
import { podSteps } from './attack-pods.ts';
import { rightsSteps } from './attack-rights.ts';
import { machineSteps } from './benign-machines.ts';
import { peopleSteps } from './benign-people.ts';
import { CampaignClient } from './campaign-client.ts';
import { CampaignCluster } from './campaign-cluster.ts';
import { type Done, episodeRows, type Found, findingsOf, indexFindings, judge, rank, type Verdict } from './campaign-score.ts';
import { clusterSteps } from './cluster-steps.ts';
import type { AttackStep, Step } from './step.ts';

/**
 * An attack over all tactics on a real kube-apiserver with the shipped audit policy, after a benign half: which steps the shipped
 * rules find in the profile `default`, and what they say of the benign half. Exit 1 where less than nine tenths of the steps are
 * found, or a benign step gives a finding of severity high.
 */
const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const neededShare = 0.9;

async function makeAll<S extends Step>(client: CampaignClient, steps: readonly S[]): Promise<readonly Done<S>[]> {
  const done: Done<S>[] = [];
  for (const step of steps) {
    const { status, body, auditIds } = await client.make(step);
    if (process.env['CAMPAIGN_TRACE'] !== undefined) say(`${status} ${step.what} ${status >= 400 ? body.slice(0, 300) : ''}`);
    done.push({ step, status, auditIds });
  }
  return done;
}

function detect(auditLog: string): readonly Found[] {
  const text = execFileSync(process.execPath, [main, 'detect', auditLog], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Found);
}

function sayVerdict({ done, isLabelled, worst, names }: Verdict): void {
  const mark = isLabelled ? 'ok  ' : rank(worst?.rule.severity ?? '') > 0 ? 'near' : 'MISS';
  const { step, status } = done;
  if (isLabelled && process.env['CAMPAIGN_TRACE'] === undefined) return;
  say(`${mark} ${status} ${step.tactic}: ${step.what} (${step.rows.join(' ')})${names.map((name) => `; ${name}`).join('')}`);
}

function sayBenign(done: readonly Done[], byAuditId: ReadonlyMap<string, readonly Found[]>): number {
  let severe = 0;
  for (const one of done) {
    for (const { rule } of findingsOf(one, byAuditId)) {
      if (rank(rule.severity) >= rank('high')) severe++;
      if (rank(rule.severity) >= rank('medium')) say(`benign ${rule.severity}: ${one.step.who}, ${one.step.what}: ${rule.name}`);
    }
  }
  return severe;
}

async function play(
  cluster: CampaignCluster,
): Promise<{ readonly benign: readonly Done[]; readonly attack: readonly Done<AttackStep>[] }> {
  const kubeletPort = await cluster.start();
  const client = new CampaignClient(cluster.port);
  client.learn('PORT-OF-KUBELET', kubeletPort);
  client.learn('CSR-FOR-MASTERS', cluster.certificateRequest('/O=system:masters/CN=carol'));
  client.learn('CSR-FOR-CAROL', cluster.certificateRequest('/O=dev/CN=carol'));
  const set = await makeAll(client, clusterSteps);
  const failed = set.filter(({ status }) => status >= 400 && status !== 409);
  if (failed.length > 0) throw new Error(`not set up: ${failed.map(({ step, status }) => `${step.what} ${status}`).join('; ')}`);
  await client.learnUid('UID-OF-NODE-1', '/api/v1/nodes/node-1');
  await client.learnUid('UID-OF-NODE-2', '/api/v1/nodes/node-2');
  const benign = await makeAll(client, [...machineSteps, ...peopleSteps]);
  const steps = [...accessSteps, ...executionSteps, ...podSteps, ...rightsSteps, ...persistenceSteps, ...effectSteps];
  return { benign, attack: await makeAll(client, steps) };
}

async function run(): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-campaign-'));
  const cluster = new CampaignCluster(folder);
  try {
    const { benign, attack } = await play(cluster);
    await cluster.stop();
    const kept = process.env['CAMPAIGN_KEEP'];
    if (kept !== undefined) copyFileSync(cluster.auditLog, kept);
    const byAuditId = indexFindings(detect(cluster.auditLog));
    const episodes = episodeRows(attack, byAuditId);
    const verdicts = attack.map((one) => judge(one, byAuditId, episodes));
    verdicts.forEach(sayVerdict);
    const severe = sayBenign(benign, byAuditId);
    const labelled = verdicts.filter(({ isLabelled }) => isLabelled).length;
    const seen = verdicts.filter(({ worst }) => rank(worst?.rule.severity ?? '') > 0).length;
    say(
      `${attack.length} steps: ${labelled} found as labelled, ${seen} with a finding of severity low or more; ${severe} benign findings of severity high or more`,
    );
    return labelled >= attack.length * neededShare && severe === 0;
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : 'failed');
  process.exitCode = 1;
}
