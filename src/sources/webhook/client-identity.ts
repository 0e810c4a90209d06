import type { TokenSet } from '../../crypto/token-set.ts';

/** What a client certificate said at the handshake. */
export interface ClientCertificate {
  /** Chains up to the client authority and is valid. */
  readonly authorized: boolean;
  /** OpenSSL's word for why not. */
  readonly error: string | undefined;
  readonly names: readonly string[];
  readonly validToMs: number;
}

export interface Requirements {
  readonly certificate: boolean;
  readonly allowedNames: readonly string[];
  /** Absent: no token is asked for. */
  readonly tokens: TokenSet | undefined;
}

export type Identity =
  | { readonly accepted: true; readonly client: string | undefined }
  | { readonly accepted: false; readonly status: 401 | 403; readonly reason: string };

/** Longest name that goes into records; names of certificates and tokens are short. */
const nameCharacters = 253;

/**
 * Who sends, from the certificate of the connection and the `Authorization` header of the request. Everything that is
 * required must be there; the certificate's name goes before the token's.
 */
export function identify(
  required: Requirements,
  certificate: ClientCertificate | undefined,
  authorization: string | undefined,
  nowMs: number,
): Identity {
  const refusal = required.certificate ? certificateRefusal(certificate, required.allowedNames, nowMs) : undefined;
  if (refusal) return refusal;
  let token: string | undefined;
  if (required.tokens) {
    const match = /^bearer +([!-~]+) *$/i.exec(authorization ?? '');
    if (!match) return { accepted: false, status: 401, reason: 'token-missing' };
    token = required.tokens.nameOf(match[1] ?? '');
    if (token === undefined) return { accepted: false, status: 401, reason: 'token-unknown' };
  }
  const name = required.certificate ? acceptedName(certificate, required.allowedNames) : undefined;
  return { accepted: true, client: printable(name ?? token) };
}

function certificateRefusal(
  certificate: ClientCertificate | undefined,
  allowed: readonly string[],
  nowMs: number,
): Identity | undefined {
  const refuse = (status: 401 | 403, reason: string): Identity => ({ accepted: false, status, reason });
  if (!certificate) return refuse(401, 'certificate-missing');
  if (certificate.validToMs < nowMs) return refuse(401, 'certificate-expired');
  if (!certificate.authorized) return refuse(401, certificateProblem(certificate.error));
  return allowed.length > 0 && acceptedName(certificate, allowed) === undefined ? refuse(403, 'name-not-allowed') : undefined;
}

function certificateProblem(error: string | undefined): string {
  switch (error) {
    case 'CERT_HAS_EXPIRED':
      return 'certificate-expired';
    case 'CERT_NOT_YET_VALID':
      return 'certificate-not-yet-valid';
    case 'INVALID_PURPOSE':
      return 'certificate-not-for-clients';
    default:
      return 'certificate-not-trusted';
  }
}

function acceptedName(certificate: ClientCertificate | undefined, allowed: readonly string[]): string | undefined {
  const names = certificate?.names ?? [];
  return allowed.length === 0 ? names[0] : names.find((name) => allowed.includes(name));
}

function printable(name: string | undefined): string | undefined {
  return name?.replace(/[^ -~]/g, '?').slice(0, nameCharacters);
}
