import { z } from 'zod';
import { commonOptions } from './common-options.ts';
import { httpOptions, urlOption } from './http-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const falcosidekickSink = {
  type: 'falcosidekick',
  title: 'falcosidekick',
  summary: `Findings in the shape of Falco's JSON output, to the HTTP endpoint of falcosidekick, which hands them on to whichever of its
outputs you have set up there. Fields of audit events have the names of Falco's k8saudit plugin; our own begin with \`auditveil.\`.`,
  caveats: [
    'falcosidekick answers before its outputs have anything: what they lose is not sent again. Where that matters use a sink of our own.',
    'One request a finding. `auditveil.id` and `auditveil.revision` tell repeats and updates apart.',
    'falcosidekick has no authentication of its own but client certificates (`tlsserver`): `tls` of this sink, or a proxy with `auth`.',
  ],
  example: `- type: falcosidekick
  url: http://127.0.0.1:2801
  minSeverity: medium
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'falcosidekick',
        about: 'Falco JSON to falcosidekick and its outputs.',
        purpose: 'notification',
        contents: ['findings'],
        batch: { records: 100, bytes: 1024 * 1024, waitMs: 500 },
      }),
      url: urlOption.describe(
        'Address of falcosidekick, for example `http://falcosidekick.falco:2801` (with `allowUnprotected`).',
      ),
      ...httpOptions,
    })
    .describe('Sends findings as Falco JSON to falcosidekick.'),
} as const satisfies SinkDefinition;

export type FalcosidekickSinkConfig = z.output<typeof falcosidekickSink.options>;
