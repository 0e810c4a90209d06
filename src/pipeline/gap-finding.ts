import type { Finding } from '../core/finding.ts';
import type { SourceGap } from '../core/source-gap.ts';
import { builtinRules } from '../findings/builtin.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';

export interface GapFindingOptions extends OwnFindingPlace {
  readonly source: string;
}

/** The finding about bytes of a file that were not read and cannot be any more. */
export function gapFinding({ kind, path, from, to, remedy }: SourceGap, options: GapFindingOptions): Finding {
  const { source, nowMs } = options;
  // A file may be cut at the same byte again; what is gone or damaged is so once.
  const name = `log-gap ${source} ${kind} ${path} ${from} ${kind === 'truncated' ? new Date(nowMs).toISOString() : ''}`;
  const evidence = {
    'gap.source': [source],
    'gap.kind': [kind],
    'gap.file': [path],
    'gap.from': [String(from)],
    'gap.to': [to === undefined ? 'unknown' : String(to)],
    'gap.remedy': [remedy],
  };
  return ownFinding(builtinRules.logGap, name, evidence, options);
}
