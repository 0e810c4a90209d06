import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Fault, unreadableFile } from '../core/faults.ts';

/** Where the current context of a kubeconfig leads, and what it shows there. PEM texts. */
export interface KubeconfigClient {
  readonly server: string;
  readonly authority: string | undefined;
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly token: string | undefined;
  /** Name to expect in the server's certificate instead of the host. */
  readonly serverName: string | undefined;
}

const text = z.string().optional();
const shape = z.looseObject({
  'current-context': text,
  contexts: z.array(z.looseObject({ name: z.string(), context: z.looseObject({ cluster: z.string(), user: text }) })),
  clusters: z.array(
    z.looseObject({
      name: z.string(),
      cluster: z.looseObject({
        server: z.string(),
        'certificate-authority': text,
        'certificate-authority-data': text,
        'tls-server-name': text,
      }),
    }),
  ),
  users: z
    .array(
      z.looseObject({
        name: z.string(),
        user: z.looseObject({
          'client-certificate': text,
          'client-certificate-data': text,
          'client-key': text,
          'client-key-data': text,
          token: text,
          tokenFile: text,
        }),
      }),
    )
    .nullish(),
});

/**
 * Reads a kubeconfig as kube-apiserver and kubectl do: the current context, data before files, files relative to its folder
 * (Kubernetes documentation, Organizing Cluster Access Using kubeconfig Files). Plug-ins for credentials are not run.
 * @throws Fault E_FILE_READ, E_FILE_KUBECONFIG
 */
export async function readKubeconfig(file: string): Promise<KubeconfigClient> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause);
  });
  const result = shape.safeParse(parsed(content));
  if (!result.success) throw notOne(file, 'it has no clusters and contexts');
  const { data } = result;
  const context = data.contexts.find(({ name }) => name === data['current-context']) ?? data.contexts[0];
  const cluster = data.clusters.find(({ name }) => name === context?.context.cluster)?.cluster;
  if (cluster === undefined) throw notOne(file, 'its current context names no cluster of it');
  const user = data.users?.find(({ name }) => name === context?.context.user)?.user;
  const read = (data64: string | undefined, path: string | undefined) => dataOrFile(file, data64, path);
  return {
    server: cluster.server,
    authority: await read(cluster['certificate-authority-data'], cluster['certificate-authority']),
    certificate: await read(user?.['client-certificate-data'], user?.['client-certificate']),
    privateKey: await read(user?.['client-key-data'], user?.['client-key']),
    token: (user?.token ?? (await read(undefined, user?.tokenFile)))?.trim(),
    serverName: cluster['tls-server-name'],
  };
}

function parsed(content: string): unknown {
  try {
    return parse(content);
  } catch {
    return undefined;
  }
}

async function dataOrFile(kubeconfig: string, data: string | undefined, path: string | undefined): Promise<string | undefined> {
  if (data !== undefined && data !== '') return Buffer.from(data, 'base64').toString('utf8');
  if (path === undefined || path === '') return undefined;
  const file = resolve(dirname(kubeconfig), path);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause);
  });
}

function notOne(file: string, why: string): Fault {
  return new Fault(`${file} is no kubeconfig: ${why}`, {
    code: 'E_FILE_KUBECONFIG',
    remedy: 'Name the file that `auditveil init webhook` wrote, or one that kubectl takes.',
  });
}
