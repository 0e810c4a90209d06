import { readFile } from 'node:fs/promises';
import type { WebhookSourceConfig } from '../config/schema.ts';
import { isForHost, isKeyOf, isSignedBy, readCertificates } from '../crypto/certificate-facts.ts';
import { loadCredentials } from '../sources/webhook/credentials.ts';
import { type KubeconfigClient, readKubeconfig } from '../wiring/read-kubeconfig.ts';
import { checkCertificate } from './check-certificate.ts';
import { Checking, type CheckResult } from './check-result.ts';
import { probeWebhook } from './probe-webhook.ts';

export interface WebhookLook {
  /** The kubeconfig that kube-apiserver sends by; undefined: none is known. */
  readonly kubeconfig: string | undefined;
  readonly nowMs: number;
  /** How certificates are renewed here. */
  readonly renew: string;
}

/** The receiver's certificates, the kubeconfig kube-apiserver has, whether both fit, and whether an empty batch gets its 200. */
export async function checkWebhookSource(source: WebhookSourceConfig, look: WebhookLook): Promise<readonly CheckResult[]> {
  const checking = new Checking(`source ${source.name}`);
  return checking.from(async () => {
    await loadCredentials({ tls: source.tls, tokenFiles: source.tokenFiles });
    const own = await ownCertificates(source, look);
    if (look.kubeconfig === undefined) {
      const remedy = 'Name the file of --audit-webhook-config-file with --kubeconfig to have both sides compared.';
      return [...own, checking.skipped('what kube-apiserver sends by is not known', remedy)];
    }
    const client = await readKubeconfig(look.kubeconfig);
    const fits = await comparedWith(source, client, look);
    const isWrong = fits.some(({ state }) => state === 'failed');
    return [...own, ...fits, ...(isWrong ? [] : [await probeWebhook(checking, client, source.listen)])];
  });
}

async function ownCertificates({ name, tls }: WebhookSourceConfig, { nowMs, renew }: WebhookLook): Promise<CheckResult[]> {
  const about = `source ${name}`;
  if (tls === undefined)
    return [
      new Checking(about).warning(
        'it speaks plain HTTP: raw events can be read on the way',
        'Set `tls`; `auditveil init webhook` makes certificates.',
      ),
    ];
  const look = { about, nowMs, renew };
  const results = [
    checkCertificate({ ...look, which: 'certificate of the receiver', pem: await readFile(tls.certFile, 'utf8') }),
  ];
  if (tls.clientCaFile !== undefined)
    results.push(checkCertificate({ ...look, which: 'authority of clients', pem: await readFile(tls.clientCaFile, 'utf8') }));
  return results;
}

/** Whether a client that has this kubeconfig would be let in, and would trust the receiver. */
async function comparedWith(source: WebhookSourceConfig, client: KubeconfigClient, look: WebhookLook): Promise<CheckResult[]> {
  const checking = new Checking(`source ${source.name}`);
  const url = URL.parse(client.server);
  if (url === null) return [checking.failed(`${look.kubeconfig}: \`server\` is no URL`, 'Write https://host:port/path.')];
  const results: CheckResult[] = [];
  if (url.pathname !== source.path)
    results.push(
      checking.failed(
        `kube-apiserver sends to ${url.pathname}, the receiver takes ${source.path}`,
        'Make `path` here and the URL there the same.',
      ),
    );
  if (source.tls !== undefined) results.push(...(await serverSide(checking, source.tls, client, look, url)));
  if (source.tls?.clientCaFile !== undefined) results.push(...(await clientSide(checking, source.tls, client, look)));
  if (source.tokenFiles.length > 0 && client.token === undefined)
    results.push(
      checking.failed('a token is asked for, and kube-apiserver has none', 'Put `token` or `tokenFile` into the kubeconfig.'),
    );
  return results;
}

type Tls = NonNullable<WebhookSourceConfig['tls']>;

async function serverSide(
  checking: Checking,
  tls: Tls,
  client: KubeconfigClient,
  look: WebhookLook,
  url: URL,
): Promise<CheckResult[]> {
  const pem = await readFile(tls.certFile, 'utf8');
  const results: CheckResult[] = [];
  const host = client.serverName ?? url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:')
    results.push(
      checking.failed(
        'kube-apiserver sends over http, the receiver speaks https',
        'Write https:// in the kubeconfig: over http it sends no credentials either.',
      ),
    );
  if (!isForHost(pem, host))
    results.push(
      checking.failed(
        `the receiver's certificate is not for ${host}, where kube-apiserver sends`,
        `Make one that is: --force --name ${host}, or change the URL in the kubeconfig.`,
      ),
    );
  if (client.authority !== undefined && !isSignedBy(pem, client.authority) && !isSameCertificate(pem, client.authority))
    results.push(
      checking.failed(
        "the authority in the kubeconfig did not sign the receiver's certificate",
        'Hand the audit-webhook.yaml that belongs to this certificate to kube-apiserver.',
      ),
    );
  if (results.length === 0)
    results.push(
      checking.ok(`kube-apiserver sends to ${url.host}${url.pathname} and trusts its certificate (${look.kubeconfig})`),
    );
  return results;
}

async function clientSide(checking: Checking, tls: Tls, client: KubeconfigClient, look: WebhookLook): Promise<CheckResult[]> {
  const { certificate, privateKey } = client;
  if (certificate === undefined || privateKey === undefined)
    return [
      checking.failed(
        'a client certificate is asked for, and kube-apiserver has none',
        'Put client-certificate and client-key into the kubeconfig.',
      ),
    ];
  const remedy =
    'Hand the audit-webhook.yaml that belongs to these certificates to kube-apiserver, or make all of them anew with --force.';
  if (!isKeyOf(privateKey, certificate))
    return [checking.failed('key and certificate in the kubeconfig do not belong together', remedy)];
  if (!isSignedBy(certificate, await readFile(tls.clientCaFile ?? '', 'utf8')))
    return [checking.failed("the receiver's client authority did not sign kube-apiserver's certificate", remedy)];
  const [facts] = readCertificates(certificate);
  const names = [facts?.commonName, ...(facts?.names ?? [])];
  if (tls.allowedNames.length > 0 && !tls.allowedNames.some((name) => names.includes(name)))
    return [
      checking.failed(
        `kube-apiserver's certificate is for ${names[0]}, which is not in allowedNames`,
        'Add the name to `tls.allowedNames`.',
      ),
    ];
  return [
    checkCertificate({
      about: checking.ok('').about,
      which: 'certificate of kube-apiserver',
      pem: certificate,
      nowMs: look.nowMs,
      renew: look.renew,
    }),
  ];
}

function isSameCertificate(a: string, b: string): boolean {
  const [first] = readCertificates(a);
  return first !== undefined && readCertificates(b).some(({ fingerprint }) => fingerprint === first.fingerprint);
}
