import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { freePort } from '../../faults/free-port.ts';
import { SmtpFake } from '../../sinks/email/smtp-fake.ts';
import { RealKafka } from '../kafka/real-kafka.ts';
import { plainUser, ServerProcess, serverFolder } from '../storage/server-process.ts';
import { Gate } from './gate.ts';
import type { Receiver } from './receiver.ts';
import { SeenEvents } from './seen-events.ts';

/** RFC 6587: each message behind its length. */
export async function syslogReceiver(): Promise<Receiver> {
  const events = new SeenEvents();
  let taken = 0;
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0);
    socket
      .on('error', () => undefined)
      .on('data', (bytes: Buffer) => {
        rest = Buffer.concat([rest, bytes]);
        for (;;) {
          const space = rest.indexOf(32);
          const length = Number(rest.toString('latin1', 0, Math.max(0, space)));
          if (space < 1 || rest.length < space + 1 + length) return;
          taken++;
          events.addFrom(rest.toString('utf8', space + 1, space + 1 + length));
          rest = rest.subarray(space + 1 + length);
        }
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = await freePort();
  const gate = new Gate(port, () => (server.address() as AddressInfo).port);
  await gate.open();
  const sink = `type: syslog, host: 127.0.0.1, port: ${port}, transport: tcp, content: events, whenBehind: hold`;
  return { name: 'syslog', sink, events, taken: () => taken, gate, close: async () => void server.close() };
}

export async function emailReceiver(): Promise<Receiver> {
  const fake = new SmtpFake();
  const inner = await fake.listen();
  const port = await freePort();
  const gate = new Gate(port, () => inner);
  await gate.open();
  const sink = `type: email, host: 127.0.0.1, port: ${port}, security: none, from: a@example.com, to: [b@example.com], messageIntervalMs: 1000`;
  return { name: 'email', sink, taken: () => fake.messages.length, gate, close: () => fake.stop() };
}

/** One partition of one real broker, read from its beginning. */
export async function kafkaReceiver(folder: string): Promise<Receiver> {
  const events = new SeenEvents();
  const gates = new Map<number, Gate>();
  const shift = 500;
  const kafka = new RealKafka(path.join(folder, 'kafka'), {
    advertise: (port) => port + shift,
    prepare: async ([port = 0]) => {
      gates.set(port, new Gate(port + shift, () => port));
      await gates.get(port)?.open();
    },
  });
  await kafka.start();
  await kafka.createTopic('audit', 1);
  const gate = [...gates.values()][0] as Gate;
  let taken = 0;
  const consumer = kafka
    .client()
    .consumer({ groupId: 'outage', retry: { retries: 1000, maxRetryTime: 1000, restartOnFailure: async () => true } });
  await consumer.connect();
  await consumer.subscribe({ topics: ['audit'], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      taken++;
      events.addFrom(message.value?.toString('utf8') ?? '');
    },
  });
  const sink = `type: kafka, brokers: ${JSON.stringify(kafka.addresses)}, topic: audit, content: events, whenBehind: hold`;
  const close = async (): Promise<void> => {
    await consumer.disconnect().catch(() => undefined);
    await kafka.stop();
  };
  return { name: 'kafka', sink, events, taken: () => taken, gate, close };
}

/** Rows in the order in which they were put in. */
export async function postgresqlReceiver(bin: string): Promise<Receiver> {
  const folder = serverFolder('outage-postgresql');
  const data = path.join(folder, 'data');
  const asUser = { cwd: folder, ...plainUser() };
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'],
    asUser,
  );
  const [inner, port] = [await freePort(), await freePort()];
  appendFileSync(
    path.join(data, 'postgresql.conf'),
    `port = ${inner}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${folder}'\nfsync = off\n`,
  );
  const rows = async (text: string): Promise<readonly (readonly unknown[])[]> => {
    const client = new Client({ host: '127.0.0.1', port: inner, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query({ text, rowMode: 'array' })).rows as unknown[][];
    } finally {
      await client.end();
    }
  };
  const isReady = async (): Promise<boolean> => (await rows('SELECT 1')).length === 1;
  const server = new ServerProcess(folder, {
    command: path.join(bin, 'postgres'),
    args: ['-D', data],
    asPlainUser: true,
    killSignal: 'SIGQUIT',
    isReady,
  });
  await server.start();
  const gate = new Gate(port, () => inner);
  await gate.open();
  const events = new SeenEvents();
  const look = async (): Promise<void> => {
    const found = await rows(`SELECT audit_id FROM auditveil_events ORDER BY ctid OFFSET ${events.distinct}`).catch(() => []);
    for (const [id] of found) events.add(Number(String(id).slice(2)));
  };
  const sink = `type: postgresql, host: 127.0.0.1, port: ${port}, database: postgres, user: postgres, content: events, whenBehind: hold`;
  return { name: 'postgresql', sink, events, taken: () => events.distinct, gate, look, close: () => server.kill() };
}

/** Objects by their names, which rise with the positions in the log. */
export async function s3Receiver(binary: string): Promise<Receiver> {
  const folder = serverFolder('outage-s3');
  const files = path.join(folder, 'files');
  mkdirSync(path.join(files, 'audit'), { recursive: true });
  const [inner, port] = [await freePort(), await freePort()];
  const [access, secret] = ['outage-access', 'outage-secret-1'];
  const server = new ServerProcess(folder, {
    command: binary,
    args: ['--port', `127.0.0.1:${inner}`, '--access', access, '--secret', secret, '--quiet', 'posix', files],
    isReady: async () => (await fetch(`http://127.0.0.1:${inner}`)).status > 0,
  });
  await server.start();
  const gate = new Gate(port, () => inner);
  await gate.open();
  const events = new SeenEvents();
  const read = new Set<string>();
  const look = async (): Promise<void> => {
    const found = readdirSync(path.join(files, 'audit'), { recursive: true, withFileTypes: true });
    const names = found
      .filter((one) => one.isFile() && one.name.endsWith('.gz'))
      .map((one) => path.join(one.parentPath, one.name));
    for (const name of names.filter((one) => !read.has(one)).sort()) {
      read.add(name);
      events.addFrom(gunzipSync(readFileSync(name)).toString('utf8'));
    }
  };
  const sink = `type: s3, bucket: audit, endpoint: "http://127.0.0.1:${port}", accessKeyId: ${access}, secretAccessKey: ${secret}, content: events, whenBehind: hold, batch: { waitMs: 1000 }`;
  return { name: 's3', sink, events, taken: () => read.size, gate, look, close: () => server.kill() };
}
