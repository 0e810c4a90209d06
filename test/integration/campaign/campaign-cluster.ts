import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CertifiedKey, makeCertificates, makeLeaves } from '../../../src/crypto/certificate-authority.ts';
import { RealApiserver } from '../real-apiserver.ts';
import { tokenFile } from './identities.ts';
import { StandInKubelet } from './stand-in-kubelet.ts';
import type { Certificate } from './step.ts';

const shipped = fileURLToPath(new URL('../../../../deploy/audit-policy.yaml', import.meta.url));
const ports = { etcd: 12_579, etcdPeer: 12_580, apiserver: 16_543 };

/** The shipped audit policy, or one that gives everything at one level. */
export const policyNames = ['shipped', 'RequestResponse', 'Metadata'] as const;
export type PolicyName = (typeof policyNames)[number];

/** A kube-apiserver that audits with a policy into a file, and what stands for a kubelet. */
export class CampaignCluster {
  readonly auditLog: string;
  readonly port = ports.apiserver;
  /** Client certificates of a person; there from the start on. */
  certificates: Readonly<Record<Certificate, CertifiedKey>> | undefined;
  readonly #folder: string;
  readonly #server: RealApiserver;
  #kubelet: StandInKubelet | undefined;

  constructor(folder: string, policy: PolicyName) {
    this.#folder = folder;
    this.auditLog = path.join(folder, 'audit.log');
    this.#server = new RealApiserver(folder, ports, [
      `--audit-policy-file=${policyFile(folder, policy)}`,
      `--audit-log-path=${this.auditLog}`,
      '--audit-log-maxsize=1000',
      `--client-ca-file=${path.join(folder, 'client-ca.crt')}`,
      '--authorization-mode=Node',
      '--enable-admission-plugins=NodeRestriction',
    ]);
    writeFileSync(path.join(folder, 'tokens.csv'), tokenFile() + readFileSync(path.join(folder, 'tokens.csv'), 'utf8'), {
      mode: 0o600,
    });
  }

  /** Starts everything. @returns the port of what stands for the kubelet */
  async start(): Promise<number> {
    const names = {
      authorityName: 'campaign',
      serverNames: ['127.0.0.1'],
      clientName: 'grace@harbour.example',
      authorityDays: 1,
      leafDays: 1,
    };
    const now = new Date();
    const { authority, server, client } = await makeCertificates({ ...names, now });
    const expired = await makeLeaves(authority, { ...names, now: new Date(now.getTime() - 30 * 86_400_000) });
    const foreign = await makeCertificates({ ...names, now });
    this.certificates = { valid: client, expired: expired.client, foreign: foreign.client };
    writeFileSync(path.join(this.#folder, 'client-ca.crt'), authority.certificate);
    this.#kubelet = new StandInKubelet(server.privateKey, server.certificate);
    const port = await this.#kubelet.listen();
    await this.#server.start();
    return port;
  }

  /** A certificate request, base64 of PEM as the API wants it. `subject` as openssl writes it: `/O=group/CN=name`. */
  certificateRequest(subject: string): string {
    const key = path.join(this.#folder, 'carol.key');
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const args = ['req', '-new', ...kind, '-keyout', key, '-subj', subject];
    return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString('base64');
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    this.#kubelet?.close();
  }
}

function policyFile(folder: string, policy: PolicyName): string {
  if (policy === 'shipped') return shipped;
  const file = path.join(folder, 'policy.yaml');
  writeFileSync(file, `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n  - level: ${policy}\n`);
  return file;
}
