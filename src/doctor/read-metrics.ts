import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { Fault } from '../core/faults.ts';

const timeoutMs = 10_000;
/** An apiserver's metrics are a few megabytes. */
const bytesAtMost = 64 * 1024 * 1024;

/** How to get at a metrics page. PEM texts. */
export interface MetricsAccess {
  readonly authority?: string | undefined;
  readonly certificate?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly token?: string | undefined;
  readonly serverName?: string | undefined;
  /** Take any certificate. */
  readonly insecure?: boolean;
}

/** A page of metrics in the text format of Prometheus, and when its server says it was made. */
export class Metrics {
  readonly #lines: readonly string[];
  /** The `Date` of the answer, milliseconds since the epoch; NaN where there is none. */
  readonly dateMs: number;

  constructor(text: string, dateMs: number) {
    this.#lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.dateMs = dateMs;
  }

  /** Sum over all series of a name that have these labels; undefined where there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const values = this.#series(name).filter(({ text }) => wanted.every((label) => text.includes(label)));
    return values.length === 0 ? undefined : values.reduce((sum, { value }) => sum + value, 0);
  }

  /** The values of a label of a name, each with its sum. */
  by(name: string, label: string): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    for (const { text, value } of this.#series(name)) {
      const key = new RegExp(`[{,]${label}="([^"]*)"`).exec(text)?.[1] ?? '';
      sums.set(key, (sums.get(key) ?? 0) + value);
    }
    return sums;
  }

  #series(name: string): readonly { readonly text: string; readonly value: number }[] {
    return this.#lines
      .filter((line) => line.startsWith(name) && /^[{ ]/.test(line.slice(name.length)))
      .map((line) => {
        const at = line.startsWith('{', name.length) ? line.lastIndexOf('}') + 1 : name.length;
        // A time in milliseconds may follow the value.
        return { text: line.slice(name.length, at), value: Number(line.slice(at).trim().split(' ')[0]) };
      })
      .filter(({ value }) => !Number.isNaN(value));
  }
}

/** Fetches a page of metrics. @throws Fault E_DOCTOR_METRICS that says why it cannot be had */
export async function readMetrics(address: string, access: MetricsAccess = {}): Promise<Metrics> {
  const url = URL.parse(address);
  if (url === null) throw fault(`${address} is no URL`, 'Write for example https://192.0.2.10:6443/metrics.');
  const { status, text, dateMs } = await get(url, access);
  if (status === 401 || status === 403)
    throw fault(
      `${address} answers ${status}`,
      'It wants a user that may `get` the URL /metrics (ClusterRole with nonResourceURLs): give --metrics-token-file, or --metrics-kubeconfig.',
    );
  if (status !== 200) throw fault(`${address} answers ${status}`, 'Check the path: kube-apiserver serves /metrics.');
  return new Metrics(text, dateMs);
}

interface Page {
  readonly status: number;
  readonly text: string;
  readonly dateMs: number;
}

function get(url: URL, access: MetricsAccess): Promise<Page> {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:';
    const headers = access.token === undefined || !secure ? {} : { authorization: `Bearer ${access.token}` };
    const options = { headers, timeout: timeoutMs, agent: false, ...(secure ? tlsOptions(access) : {}) };
    const sent = (secure ? requestSecure : requestPlain)(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > bytesAtMost) response.destroy();
      });
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, text, dateMs: Date.parse(response.headers.date ?? '') });
      });
      response.on('error', () => reject(fault(`${url.href} broke off`, 'Try again.')));
    });
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    sent.on('error', (error: NodeJS.ErrnoException) =>
      reject(fault(`${url.href} cannot be reached (${error.code ?? 'unknown'})`, remedyOf(error.code))),
    );
    sent.end();
  });
}

function tlsOptions({ authority, certificate, privateKey, serverName, insecure }: MetricsAccess) {
  return {
    ...(authority === undefined ? {} : { ca: authority }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(privateKey === undefined ? {} : { key: privateKey }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

function remedyOf(code: string | undefined): string {
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code ?? ''))
    return "Its certificate is not trusted: give the cluster's authority with --metrics-ca (kubeadm: /etc/kubernetes/pki/ca.crt).";
  if (code === 'ECONNREFUSED') return 'Nothing listens there: check address and port.';
  return 'Check address and port.';
}

function fault(message: string, remedy: string): Fault {
  return new Fault(message, { code: 'E_DOCTOR_METRICS', remedy, retryable: true });
}
