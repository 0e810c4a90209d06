import type { Finding, FindingEvent } from '../../core/finding.ts';

/** What a line says of a finding. Masked values; not yet safe for a terminal. */
export interface FindingParts {
  readonly rule: string;
  readonly who: string;
  /** The last address, with the `~` of a pseudonym; empty where there is none. */
  readonly from: string;
  /** Namespace; `-` for what has none. */
  readonly where: string;
  /** Answer of the apiserver; empty where there is none. */
  readonly code: string;
  /** In kubectl words, where it was done with a tool of people. */
  readonly what: string;
  /** `x14` of episodes and of what suppression rolled up, and `60s`, how long it took; else empty. */
  readonly count: string;
  readonly span: string;
}

/** What a person would have typed, else verb and object. */
export function whatOf(event: FindingEvent): string {
  if (event.intent !== undefined) return event.intent;
  const object = [event.resource, event.name].filter(Boolean).join(' ');
  const place = event.namespace ? `-n ${event.namespace}` : '';
  return [event.verb, object, place].filter(Boolean).join(' ');
}

export function partsOf(finding: Finding): FindingParts {
  const { rule, event, output } = finding;
  const address = event.sourceIPs.at(-1);
  const what = whatOf(event);
  return {
    rule: rule.name,
    who: event.user ?? '',
    from: address === undefined ? '' : `~${address}`,
    where: event.namespace || '-',
    code: event.code === undefined ? '' : String(event.code),
    what: what === '' ? (output?.text ?? '') : what,
    ...oftenOf(finding),
  };
}

function oftenOf({ episode, rolledUp, time }: Finding): Pick<FindingParts, 'count' | 'span'> {
  const count = episode?.count ?? rolledUp?.count ?? 1;
  if (count < 2) return { count: '', span: '' };
  const [first, last] = episode ? [episode.first, episode.last] : [time, rolledUp?.last ?? time];
  return { count: `x${count}`, span: spanOf(Date.parse(last) - Date.parse(first)) };
}

/** `40s`, `12m`, `5h`, `3d`; empty below a second. */
export function spanOf(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (!(seconds >= 1)) return '';
  const [size, unit] = (
    [
      [86_400, 'd'],
      [3_600, 'h'],
      [60, 'm'],
    ] as const
  ).find(([least]) => seconds >= 2 * least) ?? [1, 's'];
  return `${Math.round(seconds / size)}${unit}`;
}

/** Pseudonyms cut to what tells them apart: `user~3f2a91bc`, `[password]`. Only where there is no room for the whole. */
export function shortMasks(text: string): string {
  return text
    .replace(/\[MASKED:([a-z][a-z0-9-]{0,62}):[a-z0-9]{1,16}:([0-9a-f]{8})[0-9a-f]{8}\]/g, '$1~$2')
    .replace(/\[MASKED:([a-z][a-z0-9-]{0,62})\]/g, '[$1]');
}

/** A user where there is little room: `shop/web` (a service account), `node:worker-1`, `anonymous`, `user~3f2a91bc`. */
export function shortUser(user: string): string {
  return shortMasks(user)
    .replace(/^system:serviceaccount:([^:]+):/, '$1/')
    .replace(/^system:(?=node:|anonymous$)/, '');
}

/** What was done where there is little room: without the name of the tool that everybody uses, another one behind. */
export function shortWhat(what: string): string {
  const [, tool, words] = /^(?:(.{1,40}), like )?kubectl (.+)$/s.exec(what) ?? [];
  if (words === undefined) return shortMasks(what);
  return shortMasks(tool === undefined ? words : `${words} (${tool})`);
}
