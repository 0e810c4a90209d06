import { z } from 'zod';
import { optionRows, optionSections, type SchemaNode } from '../reference-page.ts';
import { sinkDefinitions } from './all.ts';
import type { SinkDefinition } from './sink-definition.ts';

/** Options that every sink has; they come last in a table. */
const commonNames = ['name', 'content', 'minSeverity', 'whenBehind', 'skipAfterMs', 'batch'];

const schemaOf = ({ options }: SinkDefinition): SchemaNode => z.toJSONSchema(options, { io: 'input' }) as SchemaNode;

const generated = 'This page is generated from the definition of the sink (`npm run docs`); a test fails when it is stale.';

/** The page of one sink: docs/sinks/<type>.md. */
export function sinkPage(definition: SinkDefinition): string {
  const { title, type, summary, caveats, example } = definition;
  const schema = schemaOf(definition);
  const [own, common] = [false, true].map((isCommon) => ({
    ...schema,
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {}).filter(([name]) => commonNames.includes(name) === isCommon),
    ),
  }));
  return [
    `# ${title}: \`type: ${type}\`\n`,
    `${summary}\n`,
    `\`\`\`yaml\nsinks:\n${example.trimEnd().replace(/^(?=.)/gm, '  ')}\n\`\`\`\n`,
    `Try it with \`auditveil sinks test NAME\`. ${generated}\n`,
    `## To know before\n\n${caveats.map((caveat) => `- ${caveat}`).join('\n')}\n`,
    `## Options\n\n${optionRows(own ?? schema)}\n`,
    ...optionSections(own ?? schema),
    `## Options of every sink, as they are here\n\n${optionRows(common ?? schema)}\n`,
    ...optionSections(common ?? schema),
  ].join('\n');
}

const opening = `# Sinks

A sink is where masked events or findings go besides the log on disk. Only masked records reach a sink: what is in the log, checked by
its checksum. ${generated}
`;

const delivery = `## How records are delivered
- Each sink reads the log by itself, from a position of its own that is kept on disk. It moves once a batch is done: after a crash the
  last records come again. **At least once**: a receiver recognises repeats by the ID of a finding with its revision, or by the digest or \`auditID\`
  of an event.
- Batches are of the sink's own measure (\`batch\`). Records come in the order of the log. What the other side could not take comes again before
  anything later is sent; where its state depends on the order (the last one wins), everything from there on comes again.
- **Away or busy**: the same batch is tried again after 0.1 s, twice as long each time, less a random part, up to 5 s; what a server asks for
  (\`Retry-After\`) is kept, up to 15 minutes. After five failures in a row the **circuit breaker** opens: the sink is checked before it is given
  anything, at longer and longer intervals up to 30 s. It is said once, and again when it takes records. One sink that is away delays no other. A
  server that is away when the agent starts keeps it from nothing; a mistake in the options ends the start.
- **Not at all**: what a server refuses for good (400, 413, 422 and the like) is halved until the records at fault are alone. They are rejected:
  kept, masked, as **dead letters** below \`dead-letters/NAME\` of the data folder, with the reason, before the position moves on. A finding
  \`auditveil.sink-rejected\` says so, at most once in ten minutes. \`auditveil replay --sink NAME\` sends them again after the
  server or the options were changed. They take at most \`log.deadLetterBytes\` for each sink; then the oldest go, with a finding
  \`auditveil.dead-letters-deleted\`.
- **Behind**: with \`whenBehind: hold\` (storage) nothing is deleted that the sink still needs, and at the size limit of the log its
  sources are refused. With \`skip\` (notifications) the log deletes what it must, and what is older than \`skipAfterMs\` is passed over;
  both are counted, with a finding.
- The agent stays ready while a sink is away: events still go to its log. It is not ready when that log is full. A stop does not wait for
  a sink whose breaker is open: its records come at the next start.

## Looking at them
| | |
|---|---|
| \`auditveil sinks list\` | type, address, how many bytes of its log each sink has not got yet, how many bytes of dead letters wait |
| \`auditveil sinks test NAME\` | opens it, checks it, sends one finding (or event) that says it is a test |
| \`auditveil replay --sink NAME [--list]\` | dead letters: shows them, or sends them again |
| \`auditveil doctor\` | whether each sink would take something, and whether a running agent has given one up for the moment |
| \`auditveil_sink_records_total{sink,result}\` | delivered, rejected, skipped, muted; \`errored\` counts every attempt |
| \`auditveil_sink_behind_bytes\`, \`auditveil_sink_age_seconds\` | how far a sink is behind |
| \`auditveil_sink_breaker\` | 0 closed, 1 half-open, 2 open |
| \`auditveil_sink_retries_total{sink,code}\` | failed attempts by reason |

Which findings go to which sink: [routing](../routing.md).
`;

/** The page docs/sinks/README.md: how delivery works, and a table of all sinks. */
export function sinksPage(): string {
  return [opening, table(sinkDefinitions), delivery].join('\n');
}

/** One line a sink, with links relative to the folder of the pages. */
function table(definitions: readonly SinkDefinition[]): string {
  const rows = definitions.map((definition) => {
    const { properties = {} } = schemaOf(definition);
    const content = properties['content'];
    const word = (name: string): string => `\`${String(properties[name]?.default)}\``;
    const contents = (content?.enum ?? [content?.default]).map(String).join(' or ');
    return `| [\`${definition.type}\`](${definition.type}.md) | ${definition.title} | ${contents} | ${word('whenBehind')} |`;
  });
  return `| type | what | content, the default first | when behind |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** Every page of the folder docs/sinks, by its file name. */
export function sinkPages(): ReadonlyMap<string, string> {
  const pages = (sinkDefinitions as readonly SinkDefinition[]).map((one) => [`${one.type}.md`, sinkPage(one)] as const);
  return new Map([['README.md', sinksPage()], ...pages]);
}
