/** A technique as a rule's tag names it: `attack.t1552.007` is technique T1552, sub-technique T1552.007. */
export interface Technique {
  readonly id: string;
  readonly subId: string | undefined;
}

export interface Tactic {
  /** As in tags: `privilege-escalation`. */
  readonly tag: string;
  /** MITRE ATT&CK id. */
  readonly id: string;
  readonly name: string;
}

/** Enterprise tactics of MITRE ATT&CK, ids and names as published at attack.mitre.org. */
const tactics: readonly Tactic[] = [
  ['reconnaissance', 'TA0043', 'Reconnaissance'],
  ['resource-development', 'TA0042', 'Resource Development'],
  ['initial-access', 'TA0001', 'Initial Access'],
  ['execution', 'TA0002', 'Execution'],
  ['persistence', 'TA0003', 'Persistence'],
  ['privilege-escalation', 'TA0004', 'Privilege Escalation'],
  ['defense-evasion', 'TA0005', 'Defense Evasion'],
  ['credential-access', 'TA0006', 'Credential Access'],
  ['discovery', 'TA0007', 'Discovery'],
  ['lateral-movement', 'TA0008', 'Lateral Movement'],
  ['collection', 'TA0009', 'Collection'],
  ['exfiltration', 'TA0010', 'Exfiltration'],
  ['command-and-control', 'TA0011', 'Command and Control'],
  ['impact', 'TA0040', 'Impact'],
].map(([tag = '', id = '', name = '']) => ({ tag, id, name }));

/** The sub-technique, where one is named. */
export const techniqueId = ({ id, subId }: Technique): string => subId ?? id;

/** Tactics and techniques among a rule's tags as machines read them: `privilege-escalation`, `T1552.007`. */
export function attackIds(tags: readonly string[]): {
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
} {
  const { tactics: named, techniques } = attackOf(tags);
  return { tactics: named.map(({ tag }) => tag), techniques: techniques.map(techniqueId) };
}

/** Tactics and techniques among a rule's tags (Sigma tag namespace `attack`); other tags are left out. */
export function attackOf(tags: readonly string[]): {
  readonly tactics: readonly Tactic[];
  readonly techniques: readonly Technique[];
} {
  const names = tags.flatMap((tag) => (/^attack\./i.test(tag) ? [tag.slice(7).toLowerCase().replaceAll('_', '-')] : []));
  return {
    tactics: tactics.filter(({ tag }) => names.includes(tag)),
    techniques: names.flatMap((name) => {
      const match = /^(t\d{4})(\.\d{3})?$/.exec(name);
      const id = match?.[1]?.toUpperCase();
      return id === undefined ? [] : [{ id, subId: match?.[2] === undefined ? undefined : id + match[2] }];
    }),
  };
}
