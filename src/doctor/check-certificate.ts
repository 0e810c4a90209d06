import { readCertificates } from '../crypto/certificate-facts.ts';
import { Checking, type CheckResult } from './check-result.ts';

/** Enough to renew without haste; and what is urgent. */
export const certificateWarningDays = 30;
const dayMs = 86_400_000;

export interface CertificateLook {
  readonly about: string;
  /** For example `certificate of the receiver`. */
  readonly which: string;
  readonly pem: string;
  readonly nowMs: number;
  readonly renew: string;
}

/** Whether the first certificate of a PEM text is valid now, and for how long. */
export function checkCertificate({ about, which, pem, nowMs, renew }: CertificateLook): CheckResult {
  const checking = new Checking(about);
  const [facts] = readCertificates(pem);
  if (facts === undefined) return checking.failed(`${which}: not a PEM certificate`, renew);
  const { validFromMs, validToMs, names, commonName } = facts;
  const named = names.length > 0 ? names.slice(0, 4).join(', ') : (commonName ?? 'no name');
  const days = Math.floor((validToMs - nowMs) / dayMs);
  const until = `${days} days left, to ${day(validToMs)}`;
  if (validFromMs > nowMs)
    return checking.failed(
      `${which}: not valid before ${new Date(validFromMs).toISOString()}`,
      'Compare the clocks of both machines.',
    );
  if (validToMs <= nowMs) return checking.failed(`${which}: ended on ${day(validToMs)}`, renew);
  if (days < certificateWarningDays) return checking.warning(`${which} for ${named}: ${until}`, renew);
  return checking.ok(`${which} for ${named}: ${until}`);
}

const day = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);
