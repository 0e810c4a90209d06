import { Fault } from '../../core/faults.ts';

/**
 * What an answer means for what was sent. `refused`: something in it is not taken, smaller parts tell what. `tooLarge`: smaller
 * parts may pass. `errored`: the same may pass later, after a wait or once somebody has repaired what the fault names.
 */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'errored'; readonly fault: Fault; readonly retryAfterMs?: number }
  | { readonly kind: 'tooLarge'; readonly fault: Fault }
  | { readonly kind: 'refused'; readonly fault: Fault };

export const delivered: Verdict = { kind: 'delivered' };

const waits = new Set([408, 425, 429]);
const isAuth = (status: number): boolean => status === 401 || status === 403 || status === 407;

/**
 * Judges a status of HTTP. The words are ours: an answer may echo what we sent, so nothing of it is quoted.
 * @param host of the server, for the message; never with the path, which may be a secret
 */
export function judgeStatus(status: number, host: string, waitMs?: number): Verdict {
  if (status >= 200 && status < 300) return delivered;
  if (status === 413) return { kind: 'tooLarge', fault: fault(host, status, tooLarge) };
  if (status === 400 || status === 422) return { kind: 'refused', fault: fault(host, status, refused) };
  const retryAfter = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  return { kind: 'errored', fault: fault(host, status, remedyFor(status)), ...retryAfter };
}

interface Words {
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
}

const tooLarge: Words = {
  code: 'E_SINK_TOO_LARGE',
  what: 'too large',
  remedy: 'Lower `batch.bytes`, or raise the limit of that server.',
};
const refused: Words = {
  code: 'E_SINK_REFUSED',
  what: 'it does not take this',
  remedy: 'Its own log says why; see whether `url` names the right server and path.',
};

function remedyFor(status: number): Words {
  if (status >= 300 && status < 400)
    return { code: 'E_SINK_REDIRECT', what: 'a redirect, and none is followed', remedy: 'Write the final address in `url`.' };
  if (isAuth(status))
    return {
      code: 'E_SINK_AUTH',
      what: 'the credentials are missing, wrong or may not do this',
      remedy: 'See to `auth` and `tls` of this sink, and to the rights of that account; files are read again when they change.',
    };
  if (waits.has(status))
    return {
      code: 'E_SINK_BUSY',
      what: 'it asks to come later',
      remedy: 'It gets less of it as it answers; raise its limit if this lasts.',
    };
  if (status >= 500)
    return {
      code: 'E_SINK_SERVER',
      what: 'it is in trouble itself',
      remedy: 'See the log of that server; the sink goes on by itself.',
    };
  return { code: 'E_SINK_STATUS', what: 'nothing here takes this', remedy: 'See whether `url` names the right server and path.' };
}

function fault(host: string, status: number, { code, what, remedy }: Words): Fault {
  return new Fault(`${host} answered ${status}: ${what}`, {
    code,
    retryable: code !== refused.code && code !== tooLarge.code,
    remedy,
  });
}
