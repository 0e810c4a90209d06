import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CampaignClient } from './campaign-client.ts';
import { CampaignCluster, type PolicyName, policyNames } from './campaign-cluster.ts';
import {
  actorFaults,
  type Done,
  episodeRows,
  type Found,
  findingsOf,
  indexFindings,
  judge,
  rank,
  type Verdict,
} from './campaign-score.ts';
import { type Campaign, campaigns } from './campaigns.ts';
import type { AttackStep, Step } from './step.ts';

/**
 * Attacks over all tactics on a real kube-apiserver with the shipped audit policy, each after a benign half: which steps the shipped
 * rules find in the profile `default`, and what they say of the benign half. Exit 1 where less than nine tenths of the steps of one
 * are found, a benign step gives a finding of severity high, or a finding names the wrong actor. Arguments: names of campaigns; without any, all.
 * `--policy RequestResponse|Metadata` audits everything at that level instead.
 */
const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const neededShare = 0.9;
const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { policy: { type: 'string', default: 'shipped' } },
});

/** @throws where it is none of the names: a slip is no good run */
function oneOf<T extends string>(what: string, names: readonly T[], given: string): T {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new Error(`no ${what} is called ${given}; there are ${names.join(', ')}`);
  return found;
}

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

function sayBenign(done: readonly Done[], byAuditId: ReadonlyMap<string, readonly Found[]>): { medium: number; high: number } {
  const loud = { medium: 0, high: 0 };
  for (const one of done) {
    for (const { rule } of findingsOf(one, byAuditId)) {
      if (rank(rule.severity) < rank('medium')) continue;
      loud.medium++;
      if (rank(rule.severity) >= rank('high')) loud.high++;
      say(`benign ${rule.severity}: ${one.step.who}, ${one.step.what}: ${rule.name}`);
    }
  }
  return loud;
}

/** Plays one campaign. @returns whether enough was found and the benign half stayed quiet */
async function run(campaign: Campaign, policy: PolicyName): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-campaign-'));
  const cluster = new CampaignCluster(folder, policy);
  try {
    const client = await open(campaign, cluster);
    const benign = await makeAll(client, campaign.benign);
    const attack = await makeAll(client, campaign.attack);
    await cluster.stop();
    const kept = process.env['CAMPAIGN_KEEP'];
    if (kept !== undefined) {
      copyFileSync(cluster.auditLog, `${kept}-${campaign.name}`);
      writeFileSync(`${kept}-${campaign.name}.json`, JSON.stringify({ benign, attack }));
    }
    return report(campaign, benign, attack, detect(cluster.auditLog));
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function open(campaign: Campaign, cluster: CampaignCluster): Promise<CampaignClient> {
  const kubeletPort = await cluster.start();
  const client = new CampaignClient(cluster.port);
  client.learn('PORT-OF-KUBELET', kubeletPort);
  for (const name of ['valid', 'expired', 'foreign'] as const)
    if (cluster.certificates) client.learnCertificate(name, cluster.certificates[name]);
  for (const [name, subject] of campaign.certificateRequests) client.learn(name, cluster.certificateRequest(subject));
  const set = await makeAll(client, campaign.cluster);
  const failed = set.filter(({ status }) => status >= 400 && status !== 409);
  if (failed.length > 0) throw new Error(`not set up: ${failed.map(({ step, status }) => `${step.what} ${status}`).join('; ')}`);
  for (const [name, of] of campaign.uids) await client.learnUid(name, of);
  for (const step of campaign.tokens) client.learnToken(step.for, await client.make(step));
  return client;
}

function report(
  campaign: Campaign,
  benign: readonly Done[],
  attack: readonly Done<AttackStep>[],
  findings: readonly Found[],
): boolean {
  const byAuditId = indexFindings(findings);
  const episodes = episodeRows(attack, byAuditId);
  const verdicts = attack.map((one) => judge(one, byAuditId, episodes));
  verdicts.forEach(sayVerdict);
  for (const { done, besides } of verdicts) if (besides.length > 0) say(`besides high: ${done.step.what}: ${besides.join('; ')}`);
  const faults = actorFaults([...benign, ...attack], byAuditId);
  for (const fault of faults) say(`wrong: ${fault}`);
  const loud = sayBenign(benign, byAuditId);
  const labelled = verdicts.filter(({ isLabelled }) => isLabelled).length;
  const seen = verdicts.filter(({ worst }) => rank(worst?.rule.severity ?? '') > 0).length;
  say(
    `${campaign.name}: ${attack.length} steps: ${labelled} found as labelled, ${seen} with a finding of severity low or more; ${benign.length} benign steps: ${loud.medium} findings of severity medium or more, ${loud.high} of high or more`,
  );
  const isFound = labelled >= attack.length * (campaign.labelled ?? neededShare);
  return isFound && loud.high === 0 && faults.length === 0;
}

try {
  let isGood = true;
  const policy = oneOf('policy', policyNames, values.policy);
  const names = campaigns.map(({ name }) => name);
  for (const name of asked) oneOf('campaign', names, name);
  for (const campaign of campaigns)
    if (asked.length === 0 || asked.includes(campaign.name)) isGood = (await run(campaign, policy)) && isGood;
  process.exitCode = isGood ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : 'failed');
  process.exitCode = 1;
}
