import { z } from 'zod';
import { commonOptions } from './common-options.ts';
import { httpOptions, urlOption } from './http-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

const word = /\{(?:content|date|month|year)\}/g;

/** What both servers take as the name of an index, with our words in it. */
function isIndex(pattern: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,127}$/.test(pattern.replace(word, 'x'));
}

export const opensearchSink = {
  type: 'opensearch',
  title: 'OpenSearch and Elasticsearch',
  summary: `Masked audit events, or findings, as documents under the names of the Elastic Common Schema, by \`_bulk\`. An event stands whole
below \`kubernetes.audit\`, as in Elastic's own integration (dots in names of annotations are underscores), so rules made for that find it.
Our index template is installed at the start: request and response bodies are one field each, and nothing an attacker names becomes a field.`,
  caveats: [
    'A repeat changes nothing: documents are made with an `_id` of their own (digest of the event; id and revision of the finding), and the index of a document depends on its event time only. With `dataStream` that holds until the stream rolls over: a repeat after that is a second document.',
    'Each document has its own fate: what the server is too busy for comes again, what its mapping refuses goes to the dead letter with the type of the reason.',
    'Numbers beyond 2^53 inside bodies are rounded, and of a member that stands twice the last one is kept. The log has the exact bytes.',
    'Bodies can be searched in Elasticsearch (`flattened`, values up to 1,024 characters). In OpenSearch they are kept and shown, not searched: its `flat_object` refuses documents with long values.',
    'Installing the template needs the right to manage index templates. Without it install the files of `deploy/opensearch` by hand and set `installTemplate: false`. A template of the same name whose `version` is ours or higher is left alone.',
    'Old indices are deleted by policies of the server (ISM, ILM), not by this sink.',
  ],
  example: `- type: opensearch
  url: https://search.example.com:9200
  content: events
  auth: { user: auditveil, passwordFile: /var/lib/auditveil/search-password }
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'opensearch',
        about: 'Documents in OpenSearch or Elasticsearch.',
        purpose: 'storage',
        contents: ['events', 'findings'],
        batch: { records: 2_000, bytes: 4 * 1024 * 1024, waitMs: 1_000 },
      }),
      url: urlOption.describe('Address of the cluster, with its path where it has one.'),
      server: z
        .enum(['opensearch', 'elasticsearch'])
        .default('opensearch')
        .describe('Which of both it is: the templates differ.'),
      index: z
        .string()
        .refine(isIndex, 'must be lower-case letters, digits, `.`, `-`, `_` and the words {content} {date} {month} {year}')
        .default('auditveil-{content}-{date}')
        .describe('Name of the index, or of the data stream. `{date}` is the day of the event, UTC, as 2026.05.04.'),
      dataStream: z.boolean().default(false).describe('`index` names a data stream; it then has no words of time.'),
      installTemplate: z
        .boolean()
        .default(true)
        .describe('Install our index template at the start where it is missing or older.'),
      pipeline: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,128}$/, 'must be the name of a pipeline')
        .optional()
        .describe('Ingest pipeline that documents go through.'),
      gzip: z.boolean().default(true).describe('Compress requests.'),
      ...httpOptions,
    })
    .refine(({ index, dataStream }) => !dataStream || !/\{(?:date|month|year)\}/.test(index), {
      path: ['index'],
      message: 'a data stream has one name: leave out {date}, {month} and {year}',
    })
    .describe('Writes documents to OpenSearch or Elasticsearch. A repeat changes nothing.'),
} as const satisfies SinkDefinition;

export type OpensearchSinkConfig = z.output<typeof opensearchSink.options>;
