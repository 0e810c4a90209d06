import { loadPacks } from '../../masking/load-pack.ts';
import { shippedPacks } from '../../pipeline/load-files.ts';
import { loadRuleSet } from '../load-rule-set.ts';
import type { Vocabulary } from './command-words.ts';

/** Rules and kinds that come with the program. */
export async function shippedVocabulary(): Promise<Omit<Vocabulary, 'commands'>> {
  const { set } = await loadRuleSet({ profile: 'hunting' });
  const loaded = [...set.rules, ...set.correlations].filter(({ silent }) => !silent);
  const rules = loaded.map(({ rule: { info } }) => ({ id: info.id, name: info.name }));
  const kinds = new Set(loadPacks(await shippedPacks()).flatMap((pack) => pack.rules.map(({ kind }) => kind)));
  return { rules: rules.toSorted((a, b) => a.name.localeCompare(b.name, 'en')), kinds: [...kinds].sort() };
}
