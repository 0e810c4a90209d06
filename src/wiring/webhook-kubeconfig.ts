import { stringify } from 'yaml';

export interface WebhookClient {
  /** `https://host:port/path`; credentials are sent over https only. */
  readonly server: string;
  readonly authority: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * The file for `--audit-webhook-config-file`, in the form of a kubeconfig (Kubernetes documentation, Auditing). Certificates stand in
 * the file itself, so that it is the only one to mount.
 */
export function webhookKubeconfig({ server, authority, certificate, privateKey }: WebhookClient): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const file = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'auditveil', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [
      {
        name: 'kube-apiserver',
        user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(privateKey) },
      },
    ],
    contexts: [{ name: 'auditveil', context: { cluster: 'auditveil', user: 'kube-apiserver' } }],
    'current-context': 'auditveil',
  };
  return `# For --audit-webhook-config-file of kube-apiserver. Holds a private key: keep it readable by root only.\n${stringify(file, { lineWidth: 0 })}`;
}
