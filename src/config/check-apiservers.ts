import { didYouMean } from '../core/closest-word.ts';
import type { ApiserverConfig } from './apiserver-schema.ts';

export interface ApiserverFault {
  /** Where in the configuration. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy: string;
}

/**
 * Names that are used twice, sources that there are not, and apiservers that share a part of their sources: what came by it could not be
 * told apart.
 * @param sources names of all sources
 */
export function checkApiservers(apiservers: readonly ApiserverConfig[], sources: readonly string[]): readonly ApiserverFault[] {
  return apiservers.flatMap((apiserver, i) => {
    const path = ['cluster', 'apiservers', i] as const;
    const before = apiservers.slice(0, i);
    const faults: ApiserverFault[] = (apiserver.sources ?? []).flatMap((name, k) =>
      sources.includes(name)
        ? []
        : [{ path: [...path, 'sources', k], message: 'there is no source of this name', remedy: didYouMean(name, sources) }],
    );
    if (before.some(({ name }) => name === apiserver.name))
      faults.push({
        path: [...path, 'name'],
        message: `\`${apiserver.name}\` is used twice`,
        remedy: 'Give each a `name` of its own.',
      });
    if (before.some((other) => shareSome(sourcesOf(other, sources), sourcesOf(apiserver, sources))))
      faults.push({
        path: [...path, 'sources'],
        message: 'it shares a part of its sources with another apiserver',
        remedy: 'Give both the same `sources`, and they are counted together, or sources of their own.',
      });
    return faults;
  });
}

const sourcesOf = ({ sources }: ApiserverConfig, all: readonly string[]): ReadonlySet<string> => new Set(sources ?? all);

function shareSome(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = [...a].filter((name) => b.has(name)).length;
  return shared > 0 && (shared < a.size || shared < b.size);
}
