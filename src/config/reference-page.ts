import { configJsonSchema } from './schema.ts';

/** What this program reads of a JSON Schema. */
export interface SchemaNode {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  /** A part that stands inside itself, by its name: `#/$defs/route`. */
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

const opening = `# Configuration

\`auditveil run --config FILE\` reads one YAML (or JSON) file. This page is generated from the option definitions
(\`auditveil config docs > docs/config.md\`); a test fails when it is stale.

- An unknown option is an error, with its place in the file and the option that was probably meant.
- \`\${env:NAME}\` in a text value is replaced by that environment variable, after the file was parsed; a variable that is not set is an error.
- Secrets need not stand in the file: options that end in \`File\` name a file that holds them, or they come as \`\${env:NAME}\`.
- Paths are relative to the folder of the configuration file.
- \`auditveil config validate FILE\` checks a file, \`config print FILE\` shows it with every default, \`config schema\` prints the JSON Schema for editors.

\`\`\`yaml
version: 1
cluster: { name: prod }
sources:
  - { type: file, path: /var/log/kubernetes/audit/audit.log }
masking: { policy: standard, keyFile: /var/lib/auditveil/keys.json }
log: { directory: /var/lib/auditveil }
sinks:
  - { type: file, path: /var/log/auditveil/findings.jsonl, minSeverity: medium }
telemetry: { listen: "127.0.0.1:9464" }
\`\`\`
`;

/** The page docs/config.md: one table per part of the file. */
export function configReferencePage(): string {
  const root = configJsonSchema() as SchemaNode;
  const parts = [opening, section('Top level', root)];
  for (const [name, node] of Object.entries(root.properties ?? {})) {
    const members = node.items?.oneOf ?? node.items?.anyOf;
    if (name === 'sinks') parts.push(sinksSection(node, members ?? []));
    else if (members)
      for (const member of members)
        parts.push(...sections(`\`${name}\`: \`type: ${String(member.properties?.['type']?.const)}\``, member));
    else if (node.properties) parts.push(...sections(`\`${name}\``, node, root.$defs));
  }
  return `${parts.join('\n')}`;
}

/** Sinks have pages of their own. */
function sinksSection(node: SchemaNode, members: readonly SchemaNode[]): string {
  const links = members
    .map(({ properties }) => String(properties?.['type']?.const))
    .map((type) => `[\`${type}\`](sinks/${type}.md)`);
  return `## \`sinks\`\n\n${node.description ?? ''} How they deliver: [sinks](sinks/README.md). Options of each \`type\`: ${links.join(', ')}.\n`;
}

function section(title: string, node: SchemaNode): string {
  const about = node.description ? `${node.description}\n\n` : '';
  return `## ${title}\n\n${about}${optionRows(node)}\n`;
}

/** The options of a part as a table. */
export function optionRows(node: SchemaNode): string {
  const rows = Object.entries(node.properties ?? {}).map(([key, option]) =>
    row(key, option, node.required?.includes(key) ?? false),
  );
  return `| option | value | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}`;
}

/** The sections inside a part, each with its table. */
export function optionSections(node: SchemaNode): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, option]) => {
    const inner = option.properties ? option : option.items?.properties ? option.items : undefined;
    return inner ? sections(`\`${key}\``, inner) : [];
  });
}

/** A section, and one for each section or list of sections inside it. A part that stands inside itself has one section. */
function sections(title: string, node: SchemaNode, parts: SchemaNode['$defs'] = {}): string[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, option]): string[] => {
    const name = `${title}: \`${key}\``;
    const entry = option.items?.$ref === undefined ? option.items : parts[partName(option.items.$ref)];
    if (option.properties) return sections(name, option);
    return entry?.properties ? sections(name, entry) : [];
  });
  return [section(title, node), ...inner];
}

const partName = (reference: string): string => reference.slice('#/$defs/'.length);

function row(key: string, node: SchemaNode, required: boolean): string {
  const fallback = node.default === undefined ? (required ? '**required**' : '–') : `\`${JSON.stringify(node.default)}\``;
  const meaning = (node.description ?? '').replaceAll('|', '\\|');
  return `| \`${key}\` | ${kindOfValue(node)} | ${node.properties ? 'see below' : fallback} | ${meaning} |`;
}

function kindOfValue(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.anyOf) return node.anyOf.map(kindOfValue).join(', ');
  if (node.$ref !== undefined) return partName(node.$ref);
  if (node.items)
    return node.items.oneOf || node.items.anyOf || node.items.properties
      ? 'list, see below'
      : `list of ${kindOfValue(node.items)}`;
  if (node.properties) return 'section';
  const range = node.minimum === undefined ? '' : ` ≥ ${node.minimum}${isBounded(node.maximum) ? `, ≤ ${node.maximum}` : ''}`;
  return `${node.type === 'integer' ? 'whole number' : node.type === 'boolean' ? '`true`, `false`' : 'text'}${range}`;
}

function isBounded(maximum: number | undefined): boolean {
  return maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
}
