import type { TeamsSinkConfig } from '../../config/sinks/teams.ts';
import type { Fault } from '../../core/faults.ts';
import type { Severity } from '../../core/finding.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { ChatDetail, ChatMessage } from '../chat/chat-message.ts';
import { ChatSink } from '../chat/chat-sink.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { faultUnlessAnswered } from '../http/http-sink.ts';

/** Teams refuses what is larger than 28 KB; the rest is for what the workflow puts around the card. */
const cardBytes = 24 * 1024;

const colours: Readonly<Record<Severity, string>> = {
  critical: 'attention',
  high: 'attention',
  medium: 'warning',
  low: 'accent',
  informational: 'default',
};

const run = (text: string, more: object = {}): object => ({ type: 'TextRun', text, ...more });
const line = (...inlines: readonly object[]): object => ({ type: 'RichTextBlock', spacing: 'None', inlines });

/** Adaptive cards through a workflow of Microsoft Teams. */
export class TeamsSink extends ChatSink {
  constructor(options: TeamsSinkConfig, context: SinkContext) {
    super(options, context);
  }

  protected override faultOfCheck(answer: HttpAnswer): Fault | undefined {
    return faultUnlessAnswered(answer);
  }

  /** Text runs know no markup, other than text blocks and facts. Details that make the card too large are left out and counted. */
  protected override render({ title, gravest, details, rest }: ChatMessage): object {
    const header = line(run(title, { weight: 'Bolder', size: 'Large', color: colours[gravest] }));
    for (let shown = details.length; ; shown--) {
      const left = details.length - shown;
      const more = left > 0 ? [`${left} more findings that are too long for this card`, ...rest] : rest;
      const body = [header, ...details.slice(0, shown).map(containerOf), ...more.map((text) => line(run(text)))];
      const message = messageOf(body);
      if (shown === 0 || Buffer.byteLength(JSON.stringify(message)) <= cardBytes) return message;
    }
  }
}

function messageOf(body: readonly object[]): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function containerOf({ title, severity, lines, link }: ChatDetail): object {
  const heading = line(
    run(`${severity.toUpperCase()}: `, { weight: 'Bolder', color: colours[severity] }),
    run(title, { weight: 'Bolder' }),
  );
  const actions =
    link === undefined ? [] : [{ type: 'ActionSet', actions: [{ type: 'Action.OpenUrl', title: 'Open', url: link }] }];
  return {
    type: 'Container',
    separator: true,
    items: [heading, ...lines.map(([label, value]) => line(run(`${label}: `, { isSubtle: true }), run(value))), ...actions],
  };
}
