import type { ExportVerification } from '../export/verify-export.ts';
import type { ProofFailure, ProvenFact } from '../export/verify-proof.ts';
import type { LogVerification } from '../proof/verify-log.ts';
import { printable } from './printable.ts';

/** Places that are listed; a log that was replaced has thousands. */
const listedAtMost = 20;

/** What was found of one log. @param checkpoint whether there was one to compare with */
export function verificationText(result: LogVerification, checkpoint: 'none' | 'compared' | 'missing'): string {
  const { log, digests, lastMade, segments, records, bytes, deleted, unsealedBytes, problems } = result;
  const lines = [
    `${log}: ${problems.length === 0 ? 'as it was signed' : `NOT as it was signed, ${problems.length} ${problems.length === 1 ? 'place' : 'places'}`}`,
    `  ${digests} digests, the last of ${lastMade === undefined ? 'never' : printable(lastMade)}`,
    `  ${segments} segments with ${records} records (${megabytes(bytes)}) read and as signed; ${deleted} deleted as they were to be`,
  ];
  if (unsealedBytes > 0) lines.push(`  ${megabytes(unsealedBytes)} behind the last digest: nothing is signed of them yet`);
  if (checkpoint === 'compared' && !problems.some(({ kind }) => kind === 'rolled-back' || kind === 'other-history'))
    lines.push('  goes on from the checkpoint');
  if (checkpoint === 'missing') lines.push('  not compared: the checkpoint is not of this log');
  if (checkpoint === 'none') lines.push('  without a checkpoint kept elsewhere, an end that was cut off whole cannot be seen');
  for (const { place, what, kind } of problems.slice(0, listedAtMost)) lines.push(`  ✗ ${place}: ${what} (${kind})`);
  if (problems.length > listedAtMost) lines.push(`  … and ${problems.length - listedAtMost} more`);
  return `${lines.join('\n')}\n`;
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What was found of an export. */
export function exportVerificationText({ manifest, problems }: ExportVerification): string {
  const lines = [problems.length === 0 ? 'export: as it was signed' : 'export: NOT as it was signed'];
  if (manifest) {
    const { counts, query, made } = manifest;
    lines.push(
      `  ${counts.eventsExported} events, ${counts.findingsExported} findings, ${counts.notesExported} notes of ${counts.recordsRead} records`,
      `  received from ${printable(query.since ?? 'the beginning')} until ${printable(query.until ?? 'the end')}, exported ${printable(made)}`,
    );
  }
  for (const { place, what } of problems) lines.push(`  ✗ ${printable(place)}: ${what}`);
  return `${lines.join('\n')}\n`;
}

/** What was found of a proof. The record is shown as it stands, as JSON, without what would move the cursor. */
export function proofVerificationText(result: ProvenFact | ProofFailure): string {
  if ('place' in result) return `proof: does NOT hold\n  ✗ ${printable(result.place)}: ${printable(result.what)}\n`;
  return `proof: holds\n  ${printable(result.fact)}\n${result.text === undefined ? '' : `${printable(result.text)}\n`}`;
}
