import { Fault } from '../core/faults.ts';
import { type Answer, ask, brokeOff, type ClientAccess, shownUrl } from './ask.ts';

const timeoutMs = 10_000;
/** An apiserver's metrics are a few megabytes. */
const bytesAtMost = 64 * 1024 * 1024;

/** A page of metrics in the text format of Prometheus, and when its server says it was made. */
export class Metrics {
  readonly #lines: readonly string[];
  /** The `Date` of the answer, milliseconds since the epoch; NaN where there is none. */
  readonly dateMs: number;
  /** Where it is from, as it may be shown. */
  readonly address: string;

  constructor(text: string, dateMs: number, address = '') {
    this.#lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.dateMs = dateMs;
    this.address = address;
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
export async function readMetrics(address: string, access: ClientAccess = {}): Promise<Metrics> {
  const url = URL.parse(address);
  if (url === null) throw fault('an address of metrics is no URL', 'Write for example https://192.0.2.10:6443/metrics.');
  const { status, body, date } = await get(url, access);
  if (status === 401 || status === 403)
    throw fault(
      `${shownUrl(url)} answers ${status}`,
      'It wants a user that may `get` the URL /metrics (ClusterRole with nonResourceURLs): give its token (`tokenFile`, --metrics-token-file) or --metrics-kubeconfig.',
    );
  if (status !== 200) throw fault(`${shownUrl(url)} answers ${status}`, 'Check the path: kube-apiserver serves /metrics.');
  return new Metrics(body.toString('utf8'), Date.parse(date ?? ''), shownUrl(url));
}

async function get(url: URL, access: ClientAccess): Promise<Answer> {
  try {
    return await ask(url, access, { timeoutMs, bytesAtMost });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === brokeOff) throw fault(`${shownUrl(url)} broke off`, 'Try again.');
    throw fault(`${shownUrl(url)} cannot be reached (${code ?? 'unknown'})`, remedyOf(code));
  }
}

function remedyOf(code: string | undefined): string {
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code ?? ''))
    return "Its certificate is not trusted: give the cluster's authority (`tls.caFile`, --metrics-ca; kubeadm: /etc/kubernetes/pki/ca.crt).";
  if (code === 'ECONNREFUSED') return 'Nothing listens there: check address and port.';
  return 'Check address and port.';
}

function fault(message: string, remedy: string): Fault {
  return new Fault(message, { code: 'E_DOCTOR_METRICS', remedy, retryable: true });
}
