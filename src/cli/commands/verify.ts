import { setTimeout as delay } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { exitCodes, Fault } from '../../core/faults.ts';
import type { SignedCheckpoint } from '../../proof/signed-note.ts';
import type { LogVerification } from '../../proof/verify-log.ts';
import type { CliContext } from '../output.ts';
import { readText } from '../read-text.ts';

interface VerifyOptions {
  readonly pubkey?: readonly string[];
  readonly against?: string;
  readonly output: 'pretty' | 'json';
}

/** An agent that runs says this soon that it deleted a segment. */
const settleMs = 1_000;
const settle = (): Promise<void> => delay(settleMs);

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

/** `auditveil verify`: whether logs are as they were signed. */
export function verifyCommand(context: CliContext): Command {
  return new Command('verify')
    .summary('check that logs, an export or a proof are as they were signed')
    .description(
      'Reads the logs in the data folder of an agent and checks every byte against the signed digests, the digests against each other and the key, and all of it against a checkpoint that was kept elsewhere. Says what was changed, dropped, moved or rolled back, and where. Of an export it checks every file against the signed manifest, of a proof every step up to a signature. The agent may run or not. Exit code 4 where something is not as it was signed.',
    )
    .argument('<store>', "an agent's data folder, an export, or a proof of `auditveil prove`")
    .addOption(
      new Option(
        '--pubkey <file>',
        'public keys that must have signed, PEM: the first one of the agent; again for a key that replaced a lost one (default: those of `auditveil keys signing pin`)',
      ).argParser(collect),
    )
    .addOption(new Option('--against <file>', 'checkpoints made before with `auditveil checkpoint`'))
    .addOption(new Option('-o, --output <format>', 'for people, or JSON lines').choices(['pretty', 'json']).default('pretty'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil verify /var/lib/auditveil/data --pubkey signing.pub.pem --against checkpoint-2026-11-29.txt',
    )
    .action((store: string, options: VerifyOptions) => verify(context, store, options));
}

async function verify(context: CliContext, store: string, options: VerifyOptions): Promise<void> {
  const publicPems = await trustedKeys(context, options.pubkey);
  const { isExport, isProof } = await import('../proof-store.ts');
  if (await isProof(store)) return verifyProven(context, store, publicPems, options);
  if (await isExport(store)) return verifyExported(context, store, publicPems, options.output);
  const [{ verifyLog }, { nodeFileSystem }, { verificationText }, { logsOf }] = await Promise.all([
    import('../../proof/verify-log.ts'),
    import('../../log/file-system.ts'),
    import('../verification-report.ts'),
    import('../proof-store.ts'),
  ]);
  const checkpoints = options.against === undefined ? [] : await readCheckpointFile(options.against);
  const { output } = context;
  let failed = false;
  const stored = await logsOf(store);
  const say = async (result: LogVerification, compared: 'none' | 'compared' | 'missing'): Promise<void> => {
    failed ||= result.problems.length > 0;
    await output.write(options.output === 'json' ? `${JSON.stringify(result)}\n` : verificationText(result, compared));
  };
  for (const checkpoint of checkpoints) {
    const log = checkpoint.origin.split('/').at(-1) ?? '';
    if (!stored.some((one) => one.log === log)) await say(goneLog(log, checkpoint), 'compared');
  }
  for (const { log, directory } of stored) {
    let bytes = 0;
    const progress = (more: number): void => {
      bytes += more;
      output.progress(`${directory}: ${Math.round(bytes / 1e6)} MB read`);
    };
    const checkpoint = checkpoints.find(({ origin }) => origin.endsWith(`/${log}`));
    const result: LogVerification = await verifyLog({
      ...{ fs: nodeFileSystem, directory, log, publicPems, progress, settle },
      ...(checkpoint && { checkpoint }),
    });
    output.progress(undefined);
    await say(result, options.against === undefined ? 'none' : checkpoint ? 'compared' : 'missing');
  }
  if (failed) context.setExitCode(exitCodes.verification);
}

/** A log that a checkpoint saw and that is not there any more: rolled back to nothing. */
function goneLog(log: string, { size }: SignedCheckpoint): LogVerification {
  const what = `the log is gone: the checkpoint saw ${size} digests of it`;
  const nothing = { digests: 0, segments: 0, records: 0, bytes: 0, deleted: 0, unsealedBytes: 0 };
  return { log, cluster: undefined, lastMade: undefined, ...nothing, problems: [{ kind: 'rolled-back', place: log, what }] };
}

async function verifyExported(
  context: CliContext,
  folder: string,
  publicPems: readonly string[],
  format: VerifyOptions['output'],
): Promise<void> {
  const [{ verifyExport }, { exportVerificationText }] = await Promise.all([
    import('../../export/verify-export.ts'),
    import('../verification-report.ts'),
  ]);
  const result = await verifyExport(folder, publicPems);
  await context.output.write(format === 'json' ? `${JSON.stringify(result)}\n` : exportVerificationText(result));
  if (result.problems.length > 0) context.setExitCode(exitCodes.verification);
}

async function verifyProven(
  context: CliContext,
  file: string,
  publicPems: readonly string[],
  { against, output: format }: VerifyOptions,
): Promise<void> {
  const [{ verifyProof }, { proofVerificationText }] = await Promise.all([
    import('../../export/verify-proof.ts'),
    import('../verification-report.ts'),
  ]);
  const checkpoints = against === undefined ? [] : await readCheckpointFile(against);
  const result = verifyProof(await readText(file), publicPems, checkpoints);
  await context.output.write(format === 'json' ? `${JSON.stringify(result)}\n` : proofVerificationText(result));
  if ('place' in result) context.setExitCode(exitCodes.verification);
}

async function readCheckpointFile(file: string): Promise<readonly SignedCheckpoint[]> {
  const { checkpointsIn } = await import('../../proof/published-checkpoints.ts');
  const read = checkpointsIn(await readText(file));
  if (read) return read;
  throw new Fault(`${file} holds no checkpoint`, {
    code: 'E_VERIFY_FORMAT',
    remedy: 'Give the file that `auditveil checkpoint` wrote, or one into which a sink wrote checkpoints.',
  });
}

/** The keys named, else those that were pinned. @throws Fault E_USAGE_KEY where there are none */
async function trustedKeys(context: CliContext, files: readonly string[] | undefined): Promise<readonly string[]> {
  const [{ defaultTrustFile, readPublicKeys }, { existsSync }] = await Promise.all([
    import('../../crypto/trusted-keys.ts'),
    import('node:fs'),
  ]);
  const pinned = defaultTrustFile(context.env);
  if (files === undefined && !existsSync(pinned))
    throw new Fault('no public key is named, and none is pinned', {
      code: 'E_USAGE_KEY',
      remedy: 'Name the public key of the agent with --pubkey, or trust it with `auditveil keys signing pin`.',
    });
  return (await Promise.all((files ?? [pinned]).map(readPublicKeys))).flat();
}
