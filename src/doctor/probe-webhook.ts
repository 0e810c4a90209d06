import { request } from 'node:https';
import type { KubeconfigClient } from '../wiring/read-kubeconfig.ts';
import type { Checking, CheckResult } from './check-result.ts';

const timeoutMs = 5_000;
const emptyBatch = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[]}';

/** What an answer other than 200 is for; more in docs/webhook.md. */
const remedies: Readonly<Record<number, string>> = {
  401: 'Compare certificate and token of the kubeconfig with `tls` and `tokenFiles`.',
  403: "Add the name of kube-apiserver's certificate to `tls.allowedNames`.",
  404: 'Compare the path of the URL with `path`.',
  503: 'Ask /readyz of the agent why it takes nothing now.',
};

/**
 * Sends an empty batch the way kube-apiserver would, with its own certificate: it is answered 200 where all of the way works, and
 * nothing of it comes into the log. The address of the kubeconfig is used; the receiver may be on another machine.
 */
export async function probeWebhook(checking: Checking, client: KubeconfigClient, listen: string): Promise<CheckResult> {
  const url = new URL(client.server);
  const answer = await post(url, client);
  if (answer.status === 200) return checking.ok(`${url.host} answers an empty batch with 200`);
  if (answer.status !== undefined)
    return checking.failed(
      `${url.host} answers ${answer.status}${answer.text === '' ? '' : ` (${answer.text})`}`,
      remedies[answer.status],
    );
  if (answer.code === 'ECONNREFUSED')
    return checking.warning(
      `nothing listens at ${url.host}`,
      `Start the agent (it will listen on ${listen}); if it runs, compare address and port.`,
    );
  const remedy =
    answer.code === 'ENOTFOUND'
      ? 'The name is not known on this machine: try where kube-apiserver runs.'
      : 'Compare address, port and certificates; a firewall between both also looks like this.';
  return checking.failed(`${url.host} cannot be reached (${answer.code ?? 'unknown'})`, remedy);
}

interface Answer {
  readonly status?: number | undefined;
  readonly text: string;
  readonly code?: string | undefined;
}

function post(url: URL, client: KubeconfigClient): Promise<Answer> {
  return new Promise((resolve) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(client.token === undefined ? {} : { authorization: `Bearer ${client.token}` }),
        },
        timeout: timeoutMs,
        agent: false,
        ...(client.authority === undefined ? {} : { ca: client.authority }),
        ...(client.certificate === undefined ? {} : { cert: client.certificate }),
        ...(client.privateKey === undefined ? {} : { key: client.privateKey }),
        ...(client.serverName === undefined ? {} : { servername: client.serverName }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, text: firstLine(Buffer.concat(chunks)) }));
        response.on('error', () => resolve({ status: response.statusCode, text: '' }));
      },
    );
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ text: '', code: error.code }));
    sent.end(emptyBatch);
  });
}

const firstLine = (body: Buffer): string => body.toString('latin1').split('\n')[0]?.slice(0, 100) ?? '';
