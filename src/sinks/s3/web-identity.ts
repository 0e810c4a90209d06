import { Fault } from '../../core/faults.ts';
import { errorCode } from './s3-answer.ts';
import type { S3Credentials, SendRequest } from './s3-requests.ts';

export interface RoleRequest {
  /** ARN of the role. */
  readonly role: string;
  readonly sessionName: string;
  /** Token of the service account. */
  readonly token: string;
}

export type AssumeRole = (request: RoleRequest) => Promise<S3Credentials>;

/** Temporary credentials end; they are fetched again this long before. */
export const renewBeforeMs = 5 * 60_000;

/**
 * Credentials for the token of a service account, from AWS's Security Token Service. The request itself needs no signature.
 * Source: AWS STS API reference, AssumeRoleWithWebIdentity.
 */
export async function assumeRole(
  { role, sessionName, token }: RoleRequest,
  region: string,
  send: SendRequest,
  signal: AbortSignal,
): Promise<S3Credentials> {
  const form = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: sessionName,
    WebIdentityToken: token,
  });
  const answer = await send(
    {
      method: 'POST',
      url: `https://sts.${region}.amazonaws.com/`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    },
    signal,
  );
  const element = (name: string): string | undefined => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer.body)?.[1];
  const accessKeyId = element('AccessKeyId');
  const secretAccessKey = element('SecretAccessKey');
  if (answer.status === 200 && accessKeyId !== undefined && secretAccessKey !== undefined)
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken: element('SessionToken'),
      expiresAtMs: Date.parse(element('Expiration') ?? ''),
    };
  const code = errorCode(answer.body);
  throw new Fault(`the security token service answered ${answer.status}${refusals.has(code) ? ` ${code}` : ''}`, {
    code: 'E_S3_CREDENTIALS',
    remedy: 'See to the role of the service account, and whom it trusts.',
    retryable: true,
  });
}

const refusals = new Set([
  'AccessDenied',
  'ExpiredTokenException',
  'IDPRejectedClaim',
  'InvalidIdentityToken',
  'RegionDisabledException',
]);
