import type { S3SinkConfig } from '../../config/sinks/s3.ts';
import { Fault } from '../../core/faults.ts';
import { readSecretText } from '../shared/read-secret.ts';
import type { S3Credentials } from './s3-requests.ts';
import type { AssumeRole } from './web-identity.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Options = Pick<
  S3SinkConfig,
  'accessKeyId' | 'accessKeyIdFile' | 'secretAccessKey' | 'secretAccessKeyFile' | 'sessionToken' | 'sessionTokenFile'
>;

/**
 * Credentials as they are now: from the options or their files, from the variables that AWS's own tools read, or for the role of the
 * service account. @throws Fault
 */
export async function readCredentials(options: Options, env: Environment, assumeRole: AssumeRole): Promise<S3Credentials> {
  const accessKeyId = await readSecretText(options.accessKeyId, options.accessKeyIdFile);
  const secretAccessKey = await readSecretText(options.secretAccessKey, options.secretAccessKeyFile);
  const sessionToken = await readSecretText(options.sessionToken, options.sessionTokenFile);
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey, sessionToken };
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = env;
  if (id && secret) return { accessKeyId: id, secretAccessKey: secret, sessionToken: session };
  const { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_SESSION_NAME: sessionName } = env;
  if (role && file)
    return assumeRole({ role, sessionName: sessionName || 'auditveil', token: (await readSecretText(undefined, file)) ?? '' });
  throw new Fault('there are no credentials for the bucket', {
    code: 'E_S3_CREDENTIALS',
    remedy:
      'Set `accessKeyId` and `secretAccessKey` (or their files), or the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  });
}
