import { constants } from 'node:fs';
import { access, mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../core/faults.ts';
import { makeCertificates } from '../crypto/certificate-authority.ts';
import { loadOrCreateKeyRing } from '../crypto/key-ring-file.ts';
import { systemRandom } from '../crypto/random.ts';
import { agentConfigText, type WiringKind } from './agent-config.ts';
import { auditPolicyText } from './audit-policy.ts';
import type { Distro } from './distros.ts';
import { webhookKubeconfig } from './webhook-kubeconfig.ts';

export interface InitRequest {
  readonly kind: WiringKind;
  readonly distro: Distro;
  readonly out: string;
  readonly cluster: string;
  /** Where the agent keeps its log; undefined: in `out`. */
  readonly dataDirectory?: string | undefined;
  /** `host:port` under which kube-apiserver reaches the receiver. */
  readonly server: string;
  /** `address:port` the receiver listens on. */
  readonly listen: string;
  /** Further names and addresses in the server's certificate. */
  readonly names: readonly string[];
  /** Write what is there already once more, keys for pseudonyms excepted. */
  readonly force: boolean;
  readonly now: Date;
}

/** A file of the folder, and what became of it. */
export interface InitFile {
  readonly name: string;
  readonly about: string;
  readonly state: 'written' | 'kept' | 'replaced';
}

export interface PlannedFile {
  readonly name: string;
  readonly about: string;
  readonly mode: number;
  readonly text: string;
}

export const clientName = 'kube-apiserver';
const authorityDays = 3650;
export const leafDays = 730;
const tlsNames = [
  'tls/ca.crt',
  'tls/ca.key',
  'tls/server.crt',
  'tls/server.key',
  'tls/client.crt',
  'tls/client.key',
  'audit-webhook.yaml',
];

/**
 * Writes the folder that `run` and kube-apiserver need. What is there is kept unless `force` says otherwise; certificates
 * belong together, so they are kept or made as one. The key for pseudonyms is never replaced: nothing masked before could be joined.
 * @throws Fault E_INIT_WRITE, E_INIT_PARTIAL
 */
export async function writeInitFiles(request: InitRequest): Promise<readonly InitFile[]> {
  const out = resolve(request.out);
  const done: InitFile[] = [];
  try {
    await mkdir(out, { recursive: true, mode: 0o700 });
    for (const file of await plannedFiles(request, out)) done.push(await placeFile(out, file, request.force));
    const keys = await loadOrCreateKeyRing(join(out, 'keys.json'), {
      created: request.now.toISOString(),
      clusterGroup: request.cluster,
    });
    done.push({
      name: 'keys.json',
      about: 'key behind pseudonyms: keep it, share it with agents that should agree',
      state: keys.created ? 'written' : 'kept',
    });
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(`cannot write to ${out} (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      code: 'E_INIT_WRITE',
      remedy: 'Name a folder this user may write to with --out.',
      cause,
    });
  }
  return done;
}

async function plannedFiles(request: InitRequest, out: string): Promise<readonly PlannedFile[]> {
  const { kind, cluster, distro, listen, dataDirectory } = request;
  const config = agentConfigText({ kind, cluster, auditLog: distro.auditLog, listen, clientName, dataDirectory });
  const files: PlannedFile[] = [
    { name: 'config.yaml', about: 'configuration of the agent', mode: 0o600, text: config },
    { name: 'audit-policy.yaml', about: 'audit policy of kube-apiserver', mode: 0o644, text: auditPolicyText },
  ];
  return kind === 'file' ? files : [...files, ...(await tlsFiles(request, out))];
}

async function tlsFiles(request: InitRequest, out: string): Promise<readonly PlannedFile[]> {
  const there = await Promise.all(tlsNames.map((name) => exists(join(out, name))));
  if (!request.force && there.every(Boolean))
    return tlsNames.map((name) => ({ name, about: aboutTls(name), mode: 0o600, text: '' }));
  if (!request.force && there.some(Boolean)) {
    const missing = tlsNames.filter((_, i) => !there[i]);
    throw new Fault(`only a part of the certificates is in ${out}: ${missing.join(', ')} missing`, {
      code: 'E_INIT_PARTIAL',
      remedy: 'They belong together: make all of them anew with --force, and hand the new audit-webhook.yaml to kube-apiserver.',
    });
  }
  const host = hostOf(request.server);
  const serverNames = [...new Set([host, ...request.names, 'localhost', '127.0.0.1', '::1'])];
  const { authority, server, client } = await makeCertificates({
    authorityName: `auditveil ${request.cluster}`,
    serverNames,
    clientName,
    now: request.now,
    authorityDays,
    leafDays,
  });
  const kubeconfig = webhookKubeconfig({
    server: `https://${request.server}/audit`,
    authority: authority.certificate,
    ...client,
  });
  const texts = [
    authority.certificate,
    authority.privateKey,
    server.certificate,
    server.privateKey,
    client.certificate,
    client.privateKey,
    kubeconfig,
  ];
  return tlsNames.map((name, i) => ({
    name,
    about: aboutTls(name),
    mode: name.endsWith('.crt') ? 0o644 : 0o600,
    text: texts[i] ?? '',
  }));
}

/** The host of `host:port`, an IPv6 address without its brackets. */
export function hostOf(server: string): string {
  return server.slice(0, server.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

export function aboutTls(name: string): string {
  const about: Readonly<Record<string, string>> = {
    'tls/ca.crt': 'authority of both certificates, 10 years',
    'tls/ca.key': 'its private key: needed to renew only, keep it elsewhere',
    'tls/server.crt': 'certificate of the receiver, 2 years',
    'tls/server.key': 'its private key',
    'tls/client.crt': 'certificate of kube-apiserver, 2 years',
    'tls/client.key': 'its private key',
    'audit-webhook.yaml': 'where kube-apiserver sends events, with its certificate and key',
  };
  return about[name] ?? '';
}

/** Writes one file of the folder, whole or not at all, never readable by others on the way. */
export async function placeFile(out: string, file: PlannedFile, force: boolean): Promise<InitFile> {
  const path = join(out, file.name);
  const there = await exists(path);
  if (there && !force) return { name: file.name, about: file.about, state: 'kept' };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A private key is never readable by others, not even between two calls: made with its mode, then renamed.
  const temporary = `${path}.${Buffer.from(systemRandom(6)).toString('hex')}`;
  try {
    await writeFile(temporary, file.text, { mode: file.mode, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  return { name: file.name, about: file.about, state: there ? 'replaced' : 'written' };
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
