/** Why a receiver turned somebody away, in words a person can act on. */
export interface RefusalText {
  readonly what: string;
  readonly remedy: string;
}

const handOver = 'give kube-apiserver the audit-webhook.yaml of this folder; restart it';
const renew = 'auditveil init webhook --renew, then hand the new audit-webhook.yaml over';

/** By the reasons that `auditveil_requests_total` and `auditveil_disconnections_total` carry (docs/webhook.md). */
const texts: Readonly<Record<string, RefusalText>> = {
  'certificate-missing': { what: 'client sent no certificate', remedy: handOver },
  'certificate-not-trusted': { what: 'client certificate of another authority', remedy: handOver },
  'certificate-expired': { what: 'client certificate has ended', remedy: renew },
  'certificate-not-yet-valid': { what: 'client certificate is not valid yet', remedy: 'compare the clocks of both machines' },
  'certificate-not-for-clients': { what: 'client sent a certificate that is not for clients', remedy: handOver },
  'name-not-allowed': { what: 'client certificate of a name that is not allowed', remedy: 'add it to tls.allowedNames' },
  'token-missing': { what: 'client sent no token', remedy: 'put token or tokenFile into its kubeconfig' },
  'token-unknown': {
    what: 'client sent a token that is not in tokenFiles',
    remedy: 'compare both; lines of one file serve a rotation',
  },
  path: { what: 'request for another path', remedy: 'make the path of the URL in the kubeconfig and `path` the same' },
  method: { what: 'request that is no POST', remedy: 'somebody looks, but it is not kube-apiserver' },
  'client-does-not-trust-our-certificate': {
    what: 'client does not trust the certificate of the receiver',
    remedy: handOver,
  },
  'plain-http-on-tls-port': { what: 'client speaks plain HTTP', remedy: 'write https:// in the URL of its kubeconfig' },
  'handshake-ended-by-client': {
    what: 'client broke off the handshake',
    remedy: 'it may not like the certificate: auditveil doctor compares both sides',
  },
  'handshake-timeout': { what: 'client connected and said nothing', remedy: 'a probe of a port looks like this' },
  'handshake-failed': { what: 'handshake failed', remedy: 'auditveil doctor compares both sides' },
  'log-full': { what: 'the log is full', remedy: 'make room, or see which sink holds it back' },
  'not-ready': { what: 'masking failed its self-test', remedy: 'auditveil masks test' },
};

/** What a reason means; the reason itself where there is nothing to add. */
export function refusalText(reason: string): RefusalText {
  return texts[reason] ?? { what: reason.replaceAll('-', ' '), remedy: 'docs/webhook.md' };
}
