import { Fault } from '../core/faults.ts';
import { systemRandom } from '../crypto/random.ts';
import { publicKeyId, readSigningKey } from '../crypto/signing-key.ts';
import { readPublicKeys } from '../crypto/trusted-keys.ts';
import { approversFile, vaultDirectory } from '../vault/open-vault.ts';
import { approved, checkApproval, readRequest, type UnmaskRequest } from '../vault/unmask-request.ts';
import { unseal } from '../vault/unseal.ts';
import type { ApproveOptions, RequestOptions, UnmaskOptions } from './commands/unmask.ts';
import { noteAt, whoRuns } from './key-place.ts';
import type { CliContext } from './output.ts';
import { readText } from './read-text.ts';
import { table } from './table.ts';
import { textMasker } from './text-masker.ts';
import { writeNewFile } from './write-new-file.ts';

/** A request is good for a day. */
const validMs = 24 * 3_600_000;

export async function requestUnmask(
  context: CliContext,
  pseudonyms: readonly string[],
  { reason, out }: RequestOptions,
): Promise<void> {
  const nowMs = Date.now();
  const request: UnmaskRequest = {
    ...{ format: 'auditveil.unmask/1', id: Buffer.from(systemRandom(16)).toString('hex') },
    pseudonyms: [...new Set(pseudonyms)],
    reason: await textMasker(context, {})(reason.trim()),
    requester: whoRuns(),
    ...{ made: new Date(nowMs).toISOString(), expires: new Date(nowMs + validMs).toISOString() },
  };
  await writeNewFile(out, `${JSON.stringify({ request }, undefined, 2)}\n`, 0o640);
  await context.output.line(`${out}: let a second person approve it with \`auditveil unmask approve ${out}\``);
}

export async function approveUnmask(context: CliContext, file: string, { signingKey, out }: ApproveOptions): Promise<void> {
  const key = await readSigningKey(signingKey);
  if (!key)
    throw new Fault(`there is no key ${signingKey}`, {
      code: 'E_KEY_SIGNING',
      remedy:
        'Make one with `auditveil keys signing init --signing-key FILE`, and have its public half put into `vault.approversFile`.',
    });
  const given = readRequest(await readText(file), file);
  const result = approved(given, whoRuns(), key);
  await writeNewFile(out, `${JSON.stringify(result, undefined, 2)}\n`, 0o640);
  const { requester, reason, pseudonyms } = given.request;
  await context.output.line(
    `${out}: key ${publicKeyId(key.publicPem) ?? ''} approves that ${requester.name ?? requester.uid ?? 'somebody'} sees ${pseudonyms.length} originals: ${reason}`,
  );
}

export async function unmaskValues(
  context: CliContext,
  named: readonly string[],
  { dataDir, identity, request: file, json }: UnmaskOptions,
): Promise<void> {
  if (identity === undefined || file === undefined)
    throw new Fault('an identity and an approved request are needed', {
      code: 'E_USAGE_UNMASK',
      remedy: 'Give --identity and --request; begin with `auditveil unmask request`.',
    });
  const given = readRequest(await readText(file), file);
  const key = checkApproval(given, await readPublicKeys(approversFile(dataDir)), Date.now());
  const { request, approver } = given;
  const other = named.find((one) => !request.pseudonyms.includes(one));
  if (other !== undefined)
    throw new Fault(`${other} is not in the request`, {
      code: 'E_UNMASK_APPROVAL',
      remedy: 'Ask for it, and have that approved.',
    });
  const wanted = named.length > 0 ? named : request.pseudonyms;
  const found = await unseal(vaultDirectory(dataDir), wanted, await readText(identity));
  // First the note, then the answer: nobody is looked at unnoticed. The file may have been written by hand: the reason is masked again,
  // and only what the vault knows as a pseudonym is named.
  await noteAt({ dataDirectories: [dataDir] }, 'unmasked', {
    ...{ request: request.id, reason: await textMasker(context, {})(request.reason), requester: request.requester, approver },
    ...{
      approvalKey: key,
      asked: wanted.length,
      pseudonyms: [...new Set(found.map(({ pseudonym }) => pseudonym))],
      values: found.length,
    },
  });
  if (json) await context.output.write(found.map((one) => `${JSON.stringify(one)}\n`).join(''));
  else if (found.length > 0)
    await context.output.line(
      table(
        [['PSEUDONYM', 'KIND', 'EPOCH', 'ORIGINAL'], ...found.map((one) => [one.pseudonym, one.kind, one.epoch, one.value])],
        context.output.tableColumns,
      ),
    );
  const missing = wanted.filter((one) => !found.some(({ pseudonym }) => pseudonym === one));
  if (missing.length > 0) context.output.note(`auditveil: not in the vault (any more): ${missing.join(', ')}`);
}
