import { attackIds } from './attack-tags.ts';

/** How well a rule sees: of 1. */
export interface TechniqueScore {
  readonly name: string;
  readonly tags: readonly string[];
  readonly share: number;
}

/**
 * A layer for the ATT&CK Navigator: each technique of the rules with a score from 0 (all of its rules are blind) to 100.
 * Source of the form: mitre-attack/attack-navigator, layer format 4.5.
 */
export function navigatorLayer(name: string, description: string, rules: readonly TechniqueScore[]): unknown {
  const byTechnique = new Map<string, TechniqueScore[]>();
  for (const rule of rules)
    for (const technique of attackIds(rule.tags).techniques)
      byTechnique.set(technique, [...(byTechnique.get(technique) ?? []), rule]);
  return {
    name,
    versions: { navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description,
    filters: { platforms: ['Containers'] },
    sorting: 3,
    techniques: [...byTechnique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([technique, own]) => entryOf(technique, own)),
    gradient: { colors: ['#d73027', '#fee08b', '#1a9850'], minValue: 0, maxValue: 100 },
    legendItems: [
      { label: 'no rule of it sees anything', color: '#d73027' },
      { label: 'every rule of it sees all it asks about', color: '#1a9850' },
    ],
  };
}

function entryOf(technique: string, rules: readonly TechniqueScore[]): unknown {
  const score = Math.round((100 * rules.reduce((sum, { share }) => sum + share, 0)) / rules.length);
  const comment = rules
    .map(({ name, share }) => `${share === 1 ? 'sees' : share === 0 ? 'blind' : 'partly'}: ${name}`)
    .join('\n');
  return { techniqueID: technique, score, comment, enabled: true, showSubtechniques: technique.includes('.') };
}
