import { AuditSender } from './audit-sender.ts';
import { freePort } from './free-port.ts';
import type { MakeKillLoad } from './kill-load.ts';
import { writeAgentConfig } from './write-agent-config.ts';

export const host = '127.0.0.1';

/** A sender that keeps on sending to a webhook source whether it is there or not. */
export const makeWebhookLoad: MakeKillLoad = async (place, { random, eventsPerSecond }) => {
  const port = await freePort(host);
  const config = writeAgentConfig(place, `{ type: webhook, listen: "${host}:${port}", allowUnprotected: true }`);
  const sender = new AuditSender({ host, port, random, batches: 4, eventsPerSecond });
  return {
    args: ['--config', config],
    owed: sender.stored,
    known: sender.sent,
    address: `${host}:${port}`,
    start: () => sender.start(),
    stop: () => sender.stop(),
    story: () => {
      const answers = [...sender.answers].sort(([a], [b]) => a - b).map(([status, count]) => `${status || 'none'} ${count}`);
      return `${sender.stored.size} events answered 200 (answers: ${answers.join(', ')})`;
    },
  };
};
