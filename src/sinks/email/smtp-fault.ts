import { Fault } from '../../core/faults.ts';
import { networkFault } from '../http/network-fault.ts';

interface SmtpError {
  readonly code?: unknown;
  readonly responseCode?: unknown;
  readonly command?: unknown;
  /** What nodemailer puts its own word in place of. */
  readonly originalCode?: unknown;
}

/** An SMTP error in our words. `E_SINK_REFUSED`: the message itself is not taken, a smaller one may be. */
export function smtpFault(host: string, error: unknown): Fault {
  const { responseCode, command, code, originalCode } = (error ?? {}) as SmtpError;
  if (code === 'ETLS' || command === 'STARTTLS') return noTls(host);
  const status = typeof responseCode === 'number' && responseCode >= 300 && responseCode < 600 ? responseCode : 0;
  if (status === 0)
    return networkFault(
      host,
      true,
      originalCode === undefined ? error : Object.assign(new Error('SMTP'), { code: originalCode }),
    );
  const isRefused = status === 552 || (status === 554 && command === 'DATA');
  const { what, remedy } = wordsFor(status, typeof command === 'string' ? command : '');
  return new Fault(`${host} answered ${status}: ${what}`, {
    code: isRefused ? 'E_SINK_REFUSED' : 'E_SINK_SERVER',
    retryable: !isRefused,
    remedy,
  });
}

function wordsFor(status: number, command: string): { readonly what: string; readonly remedy: string } {
  if (status === 552) return { what: 'the message is too large', remedy: 'Lower `details`.' };
  if (status === 535 || status === 530 || command.startsWith('AUTH'))
    return { what: 'user or password is wrong, or missing', remedy: 'See to `user` and `password`.' };
  if (command === 'RCPT TO')
    return { what: 'it does not take a recipient', remedy: 'See to `to`, and whether this user may send there.' };
  if (command === 'MAIL FROM')
    return { what: 'it does not take the sender', remedy: 'See to `from`, and whether this user may send as it.' };
  if (status < 500)
    return { what: 'it asks to come later', remedy: 'The sink goes on by itself; if this stays, look at the mail server.' };
  return { what: 'it does not take the message', remedy: 'Look at the log of the mail server.' };
}

function noTls(host: string): Fault {
  return new Fault(`${host}: no TLS`, {
    code: 'E_SINK_TLS',
    retryable: true,
    remedy: 'The server must offer STARTTLS with a certificate known here; see to `security`, `port` and `tls.caFile`.',
  });
}
