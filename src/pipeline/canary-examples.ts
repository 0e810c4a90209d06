import { readFile } from 'node:fs/promises';
import type { Pack, PackExample } from '../masking/pack.ts';
import { strictPack } from '../masking/strict-pack.ts';
import { packsKey, shippedPacks } from './load-files.ts';

/**
 * The examples of packs: those a pack brings along, else, for the shipped ones that the build's copy has without them, the
 * build's copy of those. Read from the packs' own files where they have changed since.
 */
export async function examplesFor(packs: readonly Pack[]): Promise<(pack: Pack) => readonly PackExample[]> {
  const own = await examplesOfPacks(packs);
  return (pack) => (pack.id === strictPack.id ? strictExamples : own(pack));
}

/** The rules that `strict` adds are no file, so their examples are not in one either. */
const strictExamples: readonly PackExample[] = [
  {
    name: 'a text in a body',
    rules: ['strict-bodies'],
    event: { kind: 'Event', requestObject: { kind: 'Widget', spec: { note: 'quiet river and 42 stones' } } },
    enable: [],
    gone: ['quiet river and 42 stones'],
    stays: [],
    unchanged: false,
    line: 1,
  },
];

async function examplesOfPacks(packs: readonly Pack[]): Promise<(pack: Pack) => readonly PackExample[]> {
  if (packs.some((pack) => pack.examples.length > 0)) return (pack) => pack.examples;
  const files = await shippedPacks();
  const built = await builtExamples(packsKey(files));
  if (built) return (pack) => built[pack.id] ?? [];
  const { loadPacks } = await import('../masking/load-pack.ts');
  const loaded = new Map(loadPacks(files).map((pack) => [pack.id, pack.examples]));
  return (pack) => loaded.get(pack.id) ?? [];
}

async function builtExamples(key: string): Promise<Readonly<Record<string, readonly PackExample[]>> | undefined> {
  try {
    const built = JSON.parse(await readFile(new URL('../examples.json', import.meta.url), 'utf8')) as {
      readonly key: string;
      readonly examples: Readonly<Record<string, readonly PackExample[]>>;
    };
    return built.key === key ? built.examples : undefined;
  } catch {
    return undefined;
  }
}
