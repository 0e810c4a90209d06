import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../core/faults.ts';
import { adoptNextKey, makeNextKey, nextKeyFile, publicFileOf } from '../crypto/next-signing-key.ts';
import { loadOrCreateSigningKey, publicKeyId, readSigningKey } from '../crypto/signing-key.ts';
import { defaultTrustFile, pinKey, readPublicKeys } from '../crypto/trusted-keys.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { introduceKey } from '../proof/introduce-key.ts';
import { keyTurns } from '../proof/key-turns.ts';
import type { DataPlace } from './data-place.ts';
import { checkNoting, noteAt } from './key-place.ts';
import type { CliContext } from './output.ts';
import { agentSigningKey, logsOf } from './proof-store.ts';
import { table } from './table.ts';

/** An agent that runs looks for a key every second. */
const waitMs = 15_000;
const lookMs = 200;

export async function initSigning(context: CliContext, { signingKey: keyFile, dataDirectory }: DataPlace): Promise<void> {
  if (await readSigningKey(keyFile))
    throw new Fault(`${keyFile} exists already`, {
      code: 'E_KEY_EXISTS',
      remedy: 'Use it, or let another take over with `auditveil keys signing rotate`.',
    });
  const key = await loadOrCreateSigningKey(keyFile, publicFileOf(keyFile));
  const id = publicKeyId(key.publicPem);
  if (existsSync(dataDirectory)) await noteAt({ dataDirectories: [dataDirectory] }, 'signing-key-made', { key: id });
  await context.output.line(`made ${keyFile}, key ${id ?? ''}`);
  await context.output.line(`hand ${publicFileOf(keyFile)} to whoever verifies`);
}

export async function listSigning(
  context: CliContext,
  { signingKey: keyFile, dataDirectory }: DataPlace,
  json: boolean,
): Promise<void> {
  const current = publicKeyId((await agentSigningKey(dataDirectory, keyFile)).publicPem);
  const rows: (readonly string[])[] = [];
  for (const { log, directory } of await logsOf(dataDirectory))
    for (const { key, digest, made, introduced } of await keyTurns(nodeFileSystem, directory)) {
      const how = digest === 1 ? 'first' : introduced ? 'introduced' : 'NOT introduced';
      const status = key === current ? `signs, ${how}` : how;
      if (json) await context.output.line(JSON.stringify({ log, key, digest, made, introduced, current: key === current }));
      rows.push([log, key, String(digest), made, status]);
    }
  if (json) return;
  await context.output.line(table([['LOG', 'KEY', 'FROM DIGEST', 'MADE', 'STATUS'], ...rows], context.output.tableColumns));
  await context.output.line(`key in ${keyFile}: ${current ?? ''}`);
}

export async function rotateSigning(context: CliContext, { signingKey: keyFile, dataDirectory }: DataPlace): Promise<void> {
  const key = await agentSigningKey(dataDirectory, keyFile);
  const logs = await logsOf(dataDirectory);
  await checkNoting({ dataDirectories: [dataDirectory] });
  const nextKey = await makeNextKey(keyFile);
  const [before, after] = [key, nextKey].map(({ publicPem }) => publicKeyId(publicPem) ?? '');
  try {
    await introduceKey({ logs, key, nextKey, clock: { nowMs: () => Date.now() } });
    await adoptNextKey(keyFile);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'E_LOG_LOCKED') throw error;
    await untilTaken(keyFile);
  }
  await noteAt({ dataDirectories: [dataDirectory] }, 'signing-key-rotated', { before, after });
  await context.output.line(`key ${after ?? ''} signs from here on; key ${before ?? ''} introduced it and is gone`);
  await context.output.line(`its public half: ${publicFileOf(keyFile)}`);
}

/** @throws Fault E_KEY_WAITING where the agent that runs does not take the key up */
async function untilTaken(keyFile: string): Promise<void> {
  for (let waited = 0; waited < waitMs; waited += lookMs) {
    if (!existsSync(nextKeyFile(keyFile))) return;
    await delay(lookMs);
  }
  throw new Fault(`the agent that runs has not taken up ${nextKeyFile(keyFile)} yet`, {
    code: 'E_KEY_WAITING',
    remedy:
      'It does so as soon as it can write digests: see what it says. An agent that signs with another key file needs --signing-key or --config here.',
    retryable: true,
  });
}

export async function pinSigning(
  context: CliContext,
  file: string,
  { file: trusted = defaultTrustFile(context.env), id: wanted }: { readonly file?: string; readonly id?: string },
): Promise<void> {
  for (const pem of await readPublicKeys(file)) {
    const id = publicKeyId(pem) ?? '';
    if (wanted !== undefined && wanted.toLowerCase() !== id)
      throw new Fault(`${file} is key ${id}, not ${wanted}`, {
        code: 'E_VERIFY_KEY',
        remedy: 'Do not trust it. Get the public key again from the owner of the agent, on another way.',
      });
    const isNew = await pinKey(trusted, pem, `pinned ${new Date().toISOString()}`);
    await context.output.line(`key ${id} is ${isNew ? 'trusted now' : 'trusted already'}: ${trusted}`);
  }
}
