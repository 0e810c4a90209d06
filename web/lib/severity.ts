import type { Severity } from '../../src/core/finding.ts';
import { glyph, h } from './dom.ts';

/** One shape for each severity: neither colour nor word alone has to be told apart. */
const shapes: Readonly<Record<Severity, string>> = {
  critical: 'M8 .5 15.5 8 8 15.5.5 8z',
  high: 'M8 1.5 15.5 14.5H.5z',
  medium: 'M2 2h12v12H2z',
  low: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z',
  informational: 'M2 6.5h12v3H2z',
};

const words: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  informational: 'info',
};

/** Severity as shape and word. */
export function severityBadge(severity: Severity): HTMLElement {
  return h('span', { class: `severity ${severity}` }, glyph(shapes[severity]), words[severity]);
}
