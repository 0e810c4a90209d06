import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { changeKeyFile } from '../crypto/change-key-file.ts';
import { refuseToDestroy, withoutEpoch } from '../crypto/change-keys.ts';
import { certifyDestruction, verifyCertificate } from '../crypto/destruction-certificate.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { loadKeyRing } from '../crypto/key-ring-file.ts';
import { loadOrCreateSigningKey, publicKeyId } from '../crypto/signing-key.ts';
import { nodeFileSystem, replaceFile } from '../log/file-system.ts';
import { readersBeforeEpoch } from '../pipeline/epoch-readers.ts';
import { timeHolds } from '../store/legal-holds.ts';
import { vaultDirectory } from '../vault/open-vault.ts';
import { removeEpoch } from '../vault/vault-files.ts';
import { checkNoting, type KeyPlace, type KeyPlaceOptions, keyPlace, noteAt } from './key-place.ts';
import type { CliContext } from './output.ts';
import { readText } from './read-text.ts';

const signingFile = 'signing.pem';
const publicFile = 'signing.pub.pem';

/**
 * Destroys an epoch's key where nothing needs it, and leaves a signed certificate. Called again for the same epoch it only
 * writes the certificate again: an interrupted call is finished that way.
 */
export async function destroyKey(
  context: CliContext,
  epoch: string,
  options: KeyPlaceOptions & { readonly certificate?: string },
): Promise<void> {
  const place = await keyPlace(context, options);
  const folder = dirname(place.file);
  const before = await loadKeyRing(place.file, place);
  const isDone = before.epochs.some((one) => one.id === epoch && one.destroyed !== undefined);
  if (!isDone) {
    // A folder that is not there would also hide holds and sinks that still need the key.
    await checkNoting(place);
    refuseToDestroy(before, epoch, Date.now());
    await refuseWhileRead(place, epoch);
    await refuseWhileHeld(place, before, epoch);
  }
  // Before the key goes: what cannot be certified is not destroyed.
  const signing = await loadOrCreateSigningKey(join(folder, signingFile), join(folder, publicFile));
  const ring = isDone ? before : await changeKeyFile(place.file, place, (current) => withoutEpoch(current, epoch, Date.now()));
  const certificate = certifyDestruction(ring, epoch, signing);
  const file = options.certificate ?? `${place.file}.destroyed-${epoch}.json`;
  await replaceFile(nodeFileSystem, dirname(file), basename(file), Buffer.from(`${JSON.stringify(certificate, undefined, 2)}\n`));
  const { fingerprint, destroyed } = certificate.body;
  for (const directory of place.dataDirectories) await removeEpoch(vaultDirectory(directory), epoch);
  if (!isDone) await noteAt(place, 'key-destroyed', { epoch, fingerprint, clusterGroup: ring.clusterGroup });
  await context.output.line(
    `epoch ${epoch} ${isDone ? `was destroyed on ${destroyed}` : 'is destroyed'}: from ${place.file}, its pseudonyms can no longer be computed from a candidate value`,
  );
  await context.output.line(`certificate ${file}, signed by key ${publicKeyId(certificate.publicKey) ?? ''}`);
  if (!isDone) context.output.note('auditveil: copies of the key file, on other machines and in backups, still hold the key');
}

/** A sink that has not passed on all records of the epoch holds it: nobody could look a value up in what comes later. */
async function refuseWhileRead(place: KeyPlace, epoch: string): Promise<void> {
  for (const directory of place.dataDirectories) {
    const readers = await readersBeforeEpoch(directory, epoch);
    if (readers.length === 0) continue;
    throw new Fault(`records of epoch ${epoch} in ${directory} have not been passed on yet by ${readers.join(', ')}`, {
      code: 'E_KEY_HELD',
      remedy: 'Let the agent run until they have, or remove the sink from its configuration.',
      retryable: true,
    });
  }
}

/** A legal hold keeps what its records mean: the key that pseudonyms of its time were made with. */
async function refuseWhileHeld(place: KeyPlace, ring: KeyRing, epoch: string): Promise<void> {
  const epochs = ring.list(Date.now());
  const at = epochs.findIndex(({ id }) => id === epoch);
  const fromMs = Date.parse(epochs[at]?.from ?? '');
  const endMs = Math.max(Date.parse(epochs[at + 1]?.from ?? ''), Date.parse(epochs[at]?.overlapUntil ?? '') || 0);
  for (const directory of place.dataDirectories) {
    const held = (await timeHolds(directory)).filter(
      // The first epoch is also that of events from before it; the times of what is not known are all times.
      ({ sinceMs, untilMs }) => !(sinceMs >= endMs) && !(at > 0 && untilMs <= fromMs),
    );
    if (held.length === 0) continue;
    throw new Fault(`epoch ${epoch} covers a time that is held in ${directory}: ${held.map(({ name }) => name).join(', ')}`, {
      code: 'E_KEY_HELD',
      remedy: 'Where a case is over, end its hold with `auditveil hold release --case NAME`.',
    });
  }
}

/** Checks a certificate against the public key named, that beside it, or, as a last resort, its own. */
export async function verifyKeyCertificate(
  context: CliContext,
  file: string,
  { publicKey }: { readonly publicKey?: string },
): Promise<void> {
  const beside = join(dirname(file), publicFile);
  const keyFile = publicKey ?? (existsSync(beside) ? beside : undefined);
  const [text, trusted] = await Promise.all([readText(file), keyFile === undefined ? undefined : readText(keyFile)]);
  const { body, keyId } = verifyCertificate(text, trusted);
  await context.output.line(
    `${file}: valid: epoch ${body.epoch} of group ${body.clusterGroup} (key ${body.fingerprint}) was destroyed on ${body.destroyed}`,
  );
  await context.output.line(`signed by key ${keyId}${keyFile === undefined ? '' : ` in ${keyFile}`}`);
  if (keyFile === undefined)
    context.output.note(
      'auditveil: that is the key the certificate brings along; compare it with one you know, or name that with --public-key',
    );
}
