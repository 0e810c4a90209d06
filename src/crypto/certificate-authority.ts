import 'reflect-metadata'; // x509 asks for it to be loaded before it
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its private key, PEM (PKCS #8). */
export interface CertifiedKey {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Certificates {
  readonly authority: CertifiedKey;
  readonly server: CertifiedKey;
  readonly client: CertifiedKey;
}

export interface CertificateRequest {
  /** Common name of the authority. */
  readonly authorityName: string;
  /** DNS names and addresses under which the server is reached; the first is its common name. */
  readonly serverNames: readonly string[];
  /** Common name and only alternative name of the client. */
  readonly clientName: string;
  readonly now: Date;
  readonly authorityDays: number;
  readonly leafDays: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
/** Clocks of nodes differ; a certificate that begins in the future is refused. */
const backdateMs = 3_600_000;

type KeyPair = webcrypto.CryptoKeyPair;

/**
 * An authority of its own for one receiver, with one certificate for the server and one for its client (RFC 5280; ECDSA P-256,
 * which kube-apiserver of every supported release takes).
 */
export async function makeCertificates(request: CertificateRequest): Promise<Certificates> {
  const authority = await makeAuthority(request);
  return { authority, ...(await makeLeaves(authority, request)) };
}

/**
 * New certificates for the server and its client from the authority there is: who trusted the old ones trusts these.
 * @throws an error of the platform where certificate and key of the authority cannot be read or do not belong together
 */
export async function makeLeaves(
  authority: CertifiedKey,
  request: Pick<CertificateRequest, 'serverNames' | 'clientName' | 'now' | 'leafDays'>,
): Promise<Pick<Certificates, 'server' | 'client'>> {
  useWebCrypto();
  const { serverNames, clientName, now, leafDays } = request;
  const issuer = new X509Certificate(authority.certificate);
  const bytes = PemConverter.decodeFirst(authority.privateKey);
  const signingKey = await webcrypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
  // A leaf that outlives its authority is trusted by nobody.
  const notAfter = new Date(Math.min(validity(now, leafDays).notAfter.getTime(), issuer.notAfter.getTime()));
  const leaf = async (commonName: string, names: readonly string[], usage: ExtendedKeyUsage): Promise<CertifiedKey> => {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: [{ CN: [commonName] }],
      issuer: issuer.subjectName,
      notBefore: validity(now, leafDays).notBefore,
      notAfter,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey,
      extensions: leafExtensions(names, usage),
    });
    return { certificate: pem(certificate.toString('pem')), privateKey: await privatePem(keys) };
  };
  return {
    server: await leaf(serverNames[0] ?? 'localhost', serverNames, ExtendedKeyUsage.serverAuth),
    client: await leaf(clientName, [clientName], ExtendedKeyUsage.clientAuth),
  };
}

async function makeAuthority({ authorityName, now, authorityDays }: CertificateRequest): Promise<CertifiedKey> {
  useWebCrypto();
  const keys = await makeKeys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [authorityName] }],
    ...validity(now, authorityDays),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pem(authority.toString('pem')), privateKey: await privatePem(keys) };
}

function useWebCrypto(): void {
  cryptoProvider.set(webcrypto as unknown as Parameters<typeof cryptoProvider.set>[0]);
}

function leafExtensions(names: readonly string[], usage: ExtendedKeyUsage): Extension[] {
  const alternatives = names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }));
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usage]),
    new SubjectAlternativeNameExtension(alternatives),
  ];
}

function makeKeys(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<KeyPair>;
}

/** 127 random bits, never zero and never negative (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function validity(now: Date, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(now.getTime() - backdateMs), notAfter: new Date(now.getTime() + days * dayMs) };
}

async function privatePem({ privateKey }: KeyPair): Promise<string> {
  return pem(PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY'));
}

const pem = (text: string): string => `${text.trim()}\n`;
