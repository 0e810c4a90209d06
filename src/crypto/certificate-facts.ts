import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What a certificate says of itself. Times in milliseconds since the epoch. */
export interface CertificateFacts {
  readonly commonName: string | undefined;
  /** DNS names and addresses it stands for. */
  readonly names: readonly string[];
  readonly validFromMs: number;
  readonly validToMs: number;
  /** SHA-256 of the whole certificate, as `AB:CD:…`. */
  readonly fingerprint: string;
}

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, in order. Empty where there is none that can be read. */
export function readCertificates(pem: string): readonly CertificateFacts[] {
  return certificatesOf(pem).map(factsOf);
}

/** Whether the first certificate of a text was signed by one of the authorities in another. */
export function isSignedBy(pem: string, authorities: string): boolean {
  const [leaf] = certificatesOf(pem);
  return leaf !== undefined && certificatesOf(authorities).some((one) => leaf.checkIssued(one) && leaf.verify(one.publicKey));
}

/** Whether a private key belongs to the first certificate of a text. */
export function isKeyOf(privateKey: string, pem: string): boolean {
  const [leaf] = certificatesOf(pem);
  try {
    return leaf?.checkPrivateKey(createPrivateKey(privateKey)) ?? false;
  } catch {
    return false;
  }
}

/** Whether the first certificate of a text is good for a host: a name, or an address (RFC 6125). */
export function isForHost(pem: string, host: string): boolean {
  const [leaf] = certificatesOf(pem);
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
  return (isAddress ? leaf?.checkIP(host) : leaf?.checkHost(host)) !== undefined;
}

function certificatesOf(pem: string): readonly X509Certificate[] {
  return (pem.match(certificateBlock) ?? []).flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const { subject, subjectAltName, validFrom, validTo, fingerprint256 } = certificate;
  return {
    commonName: /^CN=(.*)$/m.exec(subject ?? '')?.[1],
    names: (subjectAltName ?? '')
      .split(', ')
      .map((name) => name.replace(/^(?:DNS|IP Address|URI|email):/, ''))
      .filter((name) => name !== ''),
    validFromMs: Date.parse(validFrom),
    validToMs: Date.parse(validTo),
    fingerprint: fingerprint256,
  };
}
