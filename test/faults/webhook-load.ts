import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { AuditSender } from './audit-sender.ts';
import { main } from './kill-agent.ts';
import type { MakeKillLoad } from './kill-load.ts';

const host = '127.0.0.1';

/** A sender that keeps on sending to a webhook source whether it is there or not. */
export const makeWebhookLoad: MakeKillLoad = async ({ directory, data }, random) => {
  const port = await freePort();
  const config = path.join(directory, 'config.yaml');
  const keyFile = path.join(directory, 'keys.json');
  execFileSync(process.execPath, [main, 'keys', 'init', '--key', keyFile], { stdio: 'ignore' });
  const lines = [
    'version: 1',
    'cluster: { name: killed }',
    `masking: { keyFile: ${JSON.stringify(keyFile)} }`,
    `log: { directory: ${JSON.stringify(data)} }`,
    `sources: [{ type: webhook, listen: "${host}:${port}", allowUnprotected: true }]`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const sender = new AuditSender({ host, port, random, batches: 4, eventsPerSecond: 4_000 });
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

/** A port that was free a moment ago, below those the system gives to outgoing connections. */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) {
    const server = createServer().listen({ host, port });
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
