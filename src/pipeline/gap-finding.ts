import type { Finding } from '../core/finding.ts';
import { unknownEvent } from '../core/finding.ts';
import type { SourceGap } from '../core/source-gap.ts';
import { builtinRules } from '../findings/builtin.ts';

export interface GapFindingOptions {
  readonly cluster: string;
  readonly source: string;
  readonly nowMs: number;
  readonly identify: (text: string) => string;
}

/** The finding about bytes of a file that were not read and cannot be any more. */
export function gapFinding({ kind, path, from, to, remedy }: SourceGap, options: GapFindingOptions): Finding {
  const { cluster, source, nowMs, identify } = options;
  const time = new Date(nowMs).toISOString();
  return {
    // A file may be cut at the same byte again; what is gone or damaged is so once.
    id: identify(`log-gap ${source} ${kind} ${path} ${from} ${kind === 'truncated' ? time : ''}`),
    revision: 1,
    rule: builtinRules.logGap,
    time,
    cluster,
    event: unknownEvent,
    evidence: {
      'gap.source': [source],
      'gap.kind': [kind],
      'gap.file': [path],
      'gap.from': [String(from)],
      'gap.to': [to === undefined ? 'unknown' : String(to)],
      'gap.remedy': [remedy],
    },
  };
}
