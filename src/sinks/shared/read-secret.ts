import { readFile } from 'node:fs/promises';
import { Fault, unreadableFile } from '../../core/faults.ts';
import { Secret } from '../../core/secret.ts';

/**
 * The secret of an option pair made by `secretOptions`: the value, or what its file holds now, without white space around it.
 * @returns undefined where neither is set
 * @throws Fault E_FILE_READ, E_SINK_SECRET
 */
export async function readSecret(value: Secret | undefined, file: string | undefined): Promise<Secret | undefined> {
  if (value !== undefined || file === undefined) return value;
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw unreadableFile(file, cause);
  }
  const text = bytes.toString('utf8').trim();
  if (text === '')
    throw new Fault(`${file}: it is empty`, { code: 'E_SINK_SECRET', remedy: 'Write the secret into it.', retryable: true });
  return new Secret(Buffer.from(text));
}

/** The same as text, for headers and passwords: use it where it is needed and keep it nowhere. */
export async function readSecretText(value: Secret | undefined, file: string | undefined): Promise<string | undefined> {
  const secret = await readSecret(value, file);
  return secret === undefined ? undefined : Buffer.from(secret.reveal()).toString('utf8');
}
