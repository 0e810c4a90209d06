import { ask } from '../apiserver/ask.ts';
import type { KubeconfigClient } from '../wiring/read-kubeconfig.ts';
import type { Checking, CheckResult } from './check-result.ts';

const timeoutMs = 5_000;
/** Our answers are a line of text. */
const bytesAtMost = 64 * 1024;
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
 * nothing of it comes into the log. What is answered is not shown: it may be anybody, who repeats what was sent. The address of the kubeconfig is used; the receiver may be on another machine.
 */
export async function probeWebhook(checking: Checking, client: KubeconfigClient, listen: string): Promise<CheckResult> {
  const url = new URL(client.server);
  const answer = await post(url, client);
  if (answer.status === 200) return checking.ok(`${url.host} answers an empty batch with 200`);
  if (answer.status !== undefined) return checking.failed(`${url.host} answers ${answer.status}`, remedies[answer.status]);
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

interface Reply {
  readonly status?: number;
  readonly code?: string | undefined;
}

async function post(url: URL, client: KubeconfigClient): Promise<Reply> {
  try {
    const { status } = await ask(url, client, { body: emptyBatch, timeoutMs, bytesAtMost });
    return { status };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code };
  }
}
