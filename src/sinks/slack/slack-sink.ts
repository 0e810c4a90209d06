import type { SlackSinkConfig } from '../../config/sinks/slack.ts';
import type { Fault } from '../../core/faults.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { ChatDetail, ChatMessage } from '../chat/chat-message.ts';
import { ChatSink } from '../chat/chat-sink.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';

/** Bounds of Block Kit. */
const headerCharacters = 150;
const sectionCharacters = 3_000;

const plain = (text: string, limit: number): object => ({ type: 'plain_text', text: text.slice(0, limit), emoji: false });

/** Messages through an incoming webhook of Slack. */
export class SlackSink extends ChatSink {
  constructor(options: SlackSinkConfig, context: SinkContext) {
    super(options, context);
  }

  /** A webhook that is there says 400 to a message without a text, and posts nothing; one that is not says 403 or 404. */
  protected override checkRequest(): HttpRequest {
    return { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  }

  protected override faultOfCheck(answer: HttpAnswer): Fault | undefined {
    return answer.status === 400 ? undefined : super.faultOfCheck(answer);
  }

  /** Everything is `plain_text`, which knows no markup; the text for notifications has no value of an event. */
  protected override render({ title, details, rest }: ChatMessage): object {
    return {
      text: title,
      mrkdwn: false,
      link_names: false,
      unfurl_links: false,
      unfurl_media: false,
      blocks: [
        { type: 'header', text: plain(title, headerCharacters) },
        ...details.flatMap(blocksOf),
        ...(rest.length > 0 ? [{ type: 'section', text: plain(rest.join('\n'), sectionCharacters) }] : []),
      ],
    };
  }
}

function blocksOf({ title, severity, lines, link }: ChatDetail): readonly object[] {
  const text = [`${severity.toUpperCase()}: ${title}`, ...lines.map(([label, value]) => `${label}: ${value}`)].join('\n');
  const button = link !== undefined && { accessory: { type: 'button', text: plain('Open', 75), url: link } };
  return [{ type: 'section', text: plain(text, sectionCharacters), ...button }];
}
