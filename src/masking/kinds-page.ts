import type { MaskRule, Pack } from './pack.ts';
import { validators } from './validators.ts';

const opening = `# Kinds of masks

Every kind of the shipped packs. This page is generated from them (\`auditveil docs\`); a test fails when it is stale.
What masks look like, what stays and how packs are written is in [masking.md](masking.md).

- **found by**: structure (a place in an object), names (what a member is called), arguments and parameters (of command lines and URIs), pattern (the text itself).
- **check**: what a text must pass besides its expression: check digits, checksums, decoding, an estimate of randomness.
- **on**: masked by the policy \`standard\` without being asked for. The others are enabled by name (\`--enable KIND\`) or all at once (\`--enable all\`).
`;

/** The page docs/mask-kinds.md: one table for each pack, and the names of the validators. */
export function kindsPage(packs: readonly Pack[]): string {
  const tables = [...packs].sort((a, b) => (a.id < b.id ? -1 : 1)).map(packTable);
  const names = Object.keys(validators)
    .map((name) => `\`${name}\``)
    .join(' ');
  return `${[opening, ...tables, `## Validators\n\nWhat \`validate\` of a pattern may name:\n\n${names}`].join('\n')}\n`;
}

function packTable(pack: Pack): string {
  const kinds = new Map<string, MaskRule[]>();
  for (const rule of pack.rules) {
    if (rule.action !== 'keep') kinds.set(rule.kind, [...(kinds.get(rule.kind) ?? []), rule]);
  }
  if (kinds.size === 0) return '';
  const rows = [...kinds].map(([kind, rules]) => kindRow(kind, rules));
  const head = '| kind | what | found by | check | action | on |\n|---|---|---|---|---|---|';
  return `## ${pack.id}\n\n${pack.summary}\n\n${head}\n${rows.join('\n')}\n`;
}

function kindRow(kind: string, rules: readonly MaskRule[]): string {
  const checks = rules.flatMap(({ operation }) => (operation.type === 'pattern' ? operation.validate : []));
  const cells = [
    `\`${kind}\``,
    rules.map((rule) => rule.about).join(' '),
    distinct(rules.map((rule) => rule.operation.type)),
    distinct(checks),
    distinct(rules.map((rule) => (rule.pseudonym === 'address' ? 'pseudonymise address' : rule.action))),
    rules.every((rule) => rule.enabled) ? 'yes' : rules.some((rule) => rule.enabled) ? 'in part' : 'no',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function distinct(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}
