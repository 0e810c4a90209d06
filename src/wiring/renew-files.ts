import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault } from '../core/faults.ts';
import { makeLeaves } from '../crypto/certificate-authority.ts';
import { isKeyOf, readCertificates } from '../crypto/certificate-facts.ts';
import { aboutTls, clientName, type InitFile, leafDays, placeFile } from './init-files.ts';
import { readKubeconfig } from './read-kubeconfig.ts';
import { webhookKubeconfig } from './webhook-kubeconfig.ts';

export interface RenewRequest {
  /** A folder that `init webhook` wrote. */
  readonly out: string;
  /** Further names and addresses for the server's certificate. */
  readonly names: readonly string[];
  readonly now: Date;
}

/**
 * Writes new certificates for the receiver and kube-apiserver into the folder, from its authority, for the names and the
 * address it has. The authority stays, so old and new ones are trusted side by side until the old ones end.
 * @throws Fault E_INIT_AUTHORITY, E_FILE_READ
 */
export async function renewFiles(request: RenewRequest): Promise<readonly InitFile[]> {
  const out = resolve(request.out);
  const authority = await readAuthority(out);
  const { server: url } = await readKubeconfig(join(out, 'audit-webhook.yaml'));
  const [before] = readCertificates(await readFile(join(out, 'tls/server.crt'), 'utf8').catch(() => ''));
  const serverNames = [...new Set([...(before?.names ?? [new URL(url).hostname.replace(/^\[|\]$/g, '')]), ...request.names])];
  const { server, client } = await makeLeaves(authority, { serverNames, clientName, now: request.now, leafDays });
  const kubeconfig = webhookKubeconfig({ server: url, authority: authority.certificate, ...client });
  const texts: readonly (readonly [string, string])[] = [
    ['tls/server.crt', server.certificate],
    ['tls/server.key', server.privateKey],
    ['tls/client.crt', client.certificate],
    ['tls/client.key', client.privateKey],
    ['audit-webhook.yaml', kubeconfig],
  ];
  const done: InitFile[] = [];
  for (const [name, text] of texts)
    done.push(await placeFile(out, { name, about: aboutTls(name), mode: name.endsWith('.crt') ? 0o644 : 0o600, text }, true));
  return done;
}

async function readAuthority(out: string): Promise<{ readonly certificate: string; readonly privateKey: string }> {
  const read = (name: string): Promise<string> => readFile(join(out, name), 'utf8').catch(() => '');
  const [certificate, privateKey] = [await read('tls/ca.crt'), await read('tls/ca.key')];
  if (isKeyOf(privateKey, certificate)) return { certificate, privateKey };
  throw new Fault(`tls/ca.crt and tls/ca.key in ${out} are no authority to renew from`, {
    code: 'E_INIT_AUTHORITY',
    remedy: 'Put the key of the authority back for this moment, or make everything anew with --force.',
  });
}
