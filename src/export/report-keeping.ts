import type { PruneOptions } from '../log/retention.ts';
import type { Manifest } from './manifest.ts';
import { type Cell, grid, numberText, pairs, section, timeText } from './report-parts.ts';

const dayMs = 86_400_000;
const gigabyte = 1e9;

/** How long records are kept, and what keeps them longer. */
export function keeping({ retention, holds }: Manifest): string {
  const rows: readonly (readonly [string, Cell])[] = retention
    ? [
        ['Events', boundsText(retention.events)],
        ['Findings, reviews, our own audit', boundsText(retention.findings)],
        ['Preset', retention.preset ?? 'none'],
        ['In force since', { time: retention.since }],
      ]
    : [['Retention', 'not known: no agent has told it in this data folder']];
  const held = holds.map(({ name, since, until, created, by }) => [
    name,
    since === undefined ? 'the beginning' : timeText(since),
    until === undefined ? 'released' : timeText(until),
    created === undefined ? '' : timeText(created),
    by ?? '',
  ]);
  const heads = ['Legal hold', 'Received from', 'Until', 'Made (UTC)', 'By'];
  return section(
    'How long records are kept',
    'Older ones are deleted segment by segment; their signed digests stay. What a legal hold covers is not deleted, whatever its age.',
    pairs(rows) + (held.length === 0 ? '<p class="none">No legal holds.</p>' : grid(heads, held)),
  );
}

function boundsText({ keepMs, maxAgeMs, maxBytes }: PruneOptions): string {
  const parts = [
    keepMs !== undefined && keepMs > 0 && `${span(keepMs)} at least`,
    maxAgeMs !== undefined && `${span(maxAgeMs)} at most`,
    maxBytes !== undefined && `up to ${numberText(Math.round((maxBytes * 10) / gigabyte) / 10)} GB`,
  ].filter((part) => part !== false);
  return parts.join(', ') || 'without a limit: nothing is deleted';
}

/** Whole days, or hours and minutes where it is less. */
function span(ms: number): string {
  const [size, unit] = ms >= dayMs ? [dayMs, 'day'] : ms >= 3_600_000 ? [3_600_000, 'hour'] : [60_000, 'minute'];
  const number = Math.round((ms * 10) / size) / 10;
  return `${numberText(number)} ${unit}${number === 1 ? '' : 's'}`;
}
