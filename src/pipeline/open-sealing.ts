import { builtinRules } from '../findings/builtin.ts';
import { encodeEntries, type LogEntry } from '../log/record-encoder.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';
import { Sealing, type SealingOptions } from './sealing.ts';
import { SelfVerify } from './self-verify.ts';
import type { LossSupervision } from './supervise-losses.ts';

export interface OpenSealingOptions extends SealingOptions {
  readonly losses: LossSupervision;
  readonly place: () => OwnFindingPlace;
}

/** Digests, checkpoints and verification of the two logs, as long as they are written. */
export function openSealing(options: OpenSealingOptions): { readonly stop: () => Promise<void> } {
  const { config, clock, logs, losses, place } = options;
  const append = async (entry: LogEntry): Promise<void> => {
    await logs.findings.append(encodeEntries([entry]));
  };
  const sealing = new Sealing({
    ...options,
    keyReplaced: sayKeyReplaced(options),
    publish: async (notes) => {
      const { packCheckpoints } = await import('../proof/published-checkpoints.ts');
      const packed = packCheckpoints(notes);
      const sizes = notes.map((note) => note.split('\n').slice(0, 2).join(' '));
      const evidence = { 'checkpoint.of': sizes, 'checkpoint.note': [packed] };
      const value = ownFinding(builtinRules.checkpoint, `checkpoint ${packed}`, evidence, place());
      await append({ type: 'finding', value, receivedAtUs: clock.nowMs() * 1000 });
    },
  });
  const verify = new SelfVerify({
    ...{ config, clock, place },
    checkpoint: (log) => sealing.checkpoint(log),
    publicPems: () => sealing.publicPems(),
    add: (finding, text) => losses.add(finding, text),
    note: (details) => {
      const nowMs = clock.nowMs();
      const by = { uid: process.getuid?.(), name: 'agent' };
      const value = { ...details, at: new Date(nowMs).toISOString(), by };
      return append({ type: 'note', value, receivedAtUs: nowMs * 1000 });
    },
  });
  verify.start();
  return {
    stop: async () => {
      await verify.stop();
      await sealing.stop();
    },
  };
}

/** A lost key is one thing, a forger another: whoever reads the finding knows which. */
function sayKeyReplaced({ losses, place }: OpenSealingOptions) {
  return (log: string, before: string): void => {
    const remedy =
      'Find out who replaced the signing key. If it was lost, keep the new public key with the old one: `auditveil verify` needs both. Next time use `auditveil keys signing rotate`.';
    const evidence = { 'log.name': [log], 'key.before': [before], 'log.remedy': [remedy] };
    const finding = ownFinding(builtinRules.signingKeyReplaced, `signing-key ${log} ${before}`, evidence, place());
    losses.add(finding, `the ${log} log is signed by a key that key ${before} did not introduce. ${remedy}`);
  };
}
