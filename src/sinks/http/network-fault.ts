import { Fault } from '../../core/faults.ts';
import { tlsTrouble } from '../../core/tls-trouble.ts';

interface Words {
  readonly code: string;
  readonly what: string;
  readonly remedy?: string | undefined;
}

const alive = 'See whether the server runs and can be reached from here.';
const unreachable = (what: string, remedy?: string): Words => ({ code: 'E_SINK_UNREACHABLE', what, remedy });

/** Codes of Node, OpenSSL and undici, in words of ours. */
const known: Readonly<Record<string, Words>> = {
  ECONNREFUSED: unreachable('nobody listens there', 'See whether the server runs, and whether this is its port.'),
  ENOTFOUND: unreachable('the name does not resolve', 'See to the host in `url`, and to name resolution on this machine.'),
  EAI_AGAIN: unreachable('name resolution does not answer'),
  EHOSTUNREACH: unreachable('there is no way to that host'),
  ENETUNREACH: unreachable('there is no way to that network'),
  ECONNRESET: unreachable('the connection was cut'),
  EPIPE: unreachable('the connection was cut'),
  UND_ERR_SOCKET: unreachable('the connection was cut'),
  ETIMEDOUT: { code: 'E_SINK_TIMEOUT', what: 'no connection in time' },
  UND_ERR_CONNECT_TIMEOUT: { code: 'E_SINK_TIMEOUT', what: 'no connection in time' },
  UND_ERR_HEADERS_TIMEOUT: { code: 'E_SINK_TIMEOUT', what: 'no answer in time' },
  UND_ERR_BODY_TIMEOUT: { code: 'E_SINK_TIMEOUT', what: 'the answer did not end in time' },
  UND_ERR_HEADERS_OVERFLOW: { code: 'E_SINK_PROTOCOL', what: 'the header of the answer is too large' },
};

/**
 * What went wrong before there was a whole answer. The error of the client is never passed on or quoted: that of a malformed answer
 * holds bytes of the server.
 */
export function networkFault(host: string, isTls: boolean, error: unknown): Fault {
  if (error instanceof Fault) return faultOf(host, { code: error.code, what: error.message, remedy: error.remedy });
  if (error instanceof Error && error.name === 'HTTPParserError') return faultOf(host, noHttp);
  const code = codeOf(error);
  if (isTls && cuts.has(code)) return faultOf(host, cutInTls);
  const trouble = tlsTrouble(code);
  return faultOf(host, trouble ? { code: 'E_SINK_TLS', ...trouble } : (known[code] ?? other(code)));
}

function faultOf(host: string, { code, what, remedy }: Words): Fault {
  return new Fault(`${host}: ${what}`, { code, retryable: true, remedy: remedy ?? alive });
}

const noHttp: Words = { code: 'E_SINK_PROTOCOL', what: 'the answer is no HTTP', remedy: 'See to the port in `url`.' };
const cuts = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** With TLS 1.3 a server that wants a certificate says so after our handshake, often too late to be heard. */
const cutInTls = unreachable(
  'the connection was cut',
  'If the server asks for a client certificate, set `tls.certFile` and `tls.keyFile` to a pair that it knows.',
);
function other(code: string): Words {
  return unreachable(`the connection failed${code === '' ? '' : ` (${code})`}`);
}

/** Code of the error or of its cause, where it looks like one. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; depth++) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return '';
}
