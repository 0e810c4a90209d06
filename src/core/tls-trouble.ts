/** What is wrong with a TLS connection, and what helps. */
export interface TlsTrouble {
  readonly what: string;
  readonly remedy: string;
}

const unknownAuthority: TlsTrouble = {
  what: 'the certificate of the server is not signed by an authority known here',
  remedy: 'Name the certificate of the authority that signed the server in `tls.caFile`.',
};
const noTls: TlsTrouble = {
  what: 'the server does not speak TLS there',
  remedy: 'See whether this is its port for TLS.',
};
const clientCertificate: TlsTrouble = {
  what: 'the server does not accept our certificate, or none',
  remedy: 'Set `tls.certFile` and `tls.keyFile` to a pair that the server knows.',
};

const known: Readonly<Record<string, TlsTrouble>> = {
  CERT_HAS_EXPIRED: { what: 'the certificate of the server has expired', remedy: 'Renew it there.' },
  CERT_NOT_YET_VALID: {
    what: 'the certificate of the server is not valid yet',
    remedy: 'Compare the clocks of both machines.',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  // An authority of the same name with another key.
  CERT_SIGNATURE_FAILURE: unknownAuthority,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: 'the certificate of the server is for another name',
    remedy: 'Use the name that stands in the certificate, or set `tls.serverName`.',
  },
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  EPROTO: noTls,
};

/** Words for a code of Node.js or OpenSSL; undefined where it is not about TLS. */
export function tlsTrouble(code: string): TlsTrouble | undefined {
  const found = known[code];
  if (found) return found;
  if (/^ERR_SSL_.*CERTIFICATE|_UNKNOWN_CA$/.test(code)) return clientCertificate;
  const isTls = code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_');
  return isTls ? { what: `TLS failed (${code})`, remedy: 'See to `tls` here, and to the versions of TLS there.' } : undefined;
}
