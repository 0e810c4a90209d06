import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';

export interface Target {
  readonly port: number;
  readonly ca: string;
  /** Of a sender that is accepted. */
  readonly cert: string;
  readonly key: string;
}

/** Something done to a receiver, for a while; ends by itself and leaves nothing open. */
export interface Abuse {
  readonly name: string;
  readonly run: (target: Target) => Promise<void>;
  /** What an honest sender may be answered meanwhile; 200 where nothing is said. */
  readonly answers?: readonly number[];
}

const host = '127.0.0.1';
/** Senders of other addresses than the honest one's: 127.0.0.2 and the next 19. */
const addressOf = (number: number): string => `127.0.0.${2 + (number % 20)}`;
const head = (length: number | string, ...fields: readonly string[]): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`;

function plain(target: Target, number: number): Socket {
  return connect({ host, port: target.port, localAddress: addressOf(number) }).on('error', () => undefined);
}

function secure(target: Target, number: number, proves: boolean): Socket {
  const own = proves ? { cert: target.cert, key: target.key } : {};
  const socket = connectTls({ socket: plain(target, number), ca: target.ca, checkServerIdentity: () => undefined, ...own });
  return socket.on('error', () => undefined).resume();
}

/** Opens many connections a few at a time, does something to each, keeps them for a while, and closes them. */
async function crowd(count: number, make: (number: number) => Socket, keptMs: number): Promise<void> {
  const sockets: Socket[] = [];
  for (let number = 0; number < count; number++) {
    sockets.push(make(number));
    if (number % 50 === 49) await sleep(5);
  }
  await sleep(keptMs);
  for (const socket of sockets) socket.destroy();
}

/** Writes one byte of a text every so often, again and again. */
function dribble(socket: Socket, text: string): Socket {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 100);
  socket.once('close', () => clearInterval(timer));
  return socket;
}

/** Sends whole bodies as one that is accepted, one after the other on a connection each, and waits for the answers. */
async function bodies(target: Target, texts: readonly { readonly body: Buffer; readonly gzip?: boolean }[]): Promise<void> {
  await Promise.all(
    texts.map(async ({ body, gzip = false }, number) => {
      const socket = secure(target, number, true);
      socket.write(head(body.length, 'Connection: close', ...(gzip ? ['Content-Encoding: gzip'] : [])));
      socket.write(body);
      await new Promise((resolve) => socket.once('close', resolve));
    }),
  );
}

const item = (text: string): Buffer => Buffer.from(`{"kind":"EventList","items":[{"auditID":"x","requestObject":${text}}]}`);

export const abuses: readonly Abuse[] = [
  {
    name: '10,000 idle connections',
    run: (target) => crowd(10_000, (number) => plain(target, number), 500),
  },
  {
    name: 'garbage where a handshake should be',
    run: (target) =>
      crowd(
        300,
        (number) => {
          const socket = plain(target, number);
          socket.write(Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 167 + number * 31) & 0xff)));
          return socket;
        },
        500,
      ),
  },
  {
    name: 'handshakes that never end',
    run: (target) =>
      crowd(
        300,
        (number) => {
          const socket = plain(target, number);
          // A TLS record that announces 512 bytes of handshake and holds 8.
          socket.write(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, 0, 0]));
          return socket;
        },
        1_000,
      ),
  },
  {
    name: 'plain HTTP on the TLS port',
    run: (target) =>
      crowd(
        300,
        (number) => {
          const socket = plain(target, number);
          socket.write(`${head(5)}hello`);
          return socket;
        },
        500,
      ),
  },
  {
    name: 'headers that come byte by byte',
    run: (target) => crowd(200, (number) => dribble(secure(target, number, false), `${head(5).slice(0, -2)}x-a: b\r\n`), 3_000),
  },
  {
    name: 'bodies that come byte by byte, of accepted senders',
    // Whoever is accepted can take all the room there is for a moment: the receiver says when to come again.
    answers: [200, 503],
    run: (target) =>
      crowd(
        300,
        (number) => {
          const socket = secure(target, number, true);
          socket.write(`${head(1_000_000)}{"kind":"EventList","items":[`);
          return dribble(socket, ' ');
        },
        3_000,
      ),
  },
  {
    name: 'large bodies of nobody in particular',
    run: (target) =>
      crowd(
        20,
        (number) => {
          const socket = secure(target, number, false);
          socket.write(head(4_000_000));
          socket.write(Buffer.alloc(4_000_000, ' '));
          return socket;
        },
        1_000,
      ),
  },
  {
    name: 'connections that are reset at once',
    run: (target) =>
      crowd(
        2_000,
        (number) => {
          const socket = plain(target, number);
          socket.once('connect', () => socket.resetAndDestroy());
          return socket;
        },
        200,
      ),
  },
  {
    name: 'headers that never fit',
    run: (target) =>
      crowd(
        50,
        (number) => {
          const socket = secure(target, number, false);
          socket.write(head(5, `X-Long: ${'a'.repeat(500_000)}`));
          return socket;
        },
        500,
      ),
  },
  {
    name: 'compressed bombs',
    run: (target) => {
      const bomb = gzipSync(Buffer.alloc(100_000_000));
      return bodies(target, [
        ...Array.from({ length: 4 }, () => ({ body: bomb, gzip: true })),
        { body: gzipSync(bomb), gzip: true },
        { body: bomb.subarray(0, -100), gzip: true },
      ]);
    },
  },
  {
    name: 'JSON that is too deep, too wide, too long',
    run: (target) =>
      bodies(target, [
        { body: item(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`) },
        { body: item(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`) },
        { body: item(`{${Array.from({ length: 300_000 }, (_, n) => `"k${n}":${n}`).join(',')}}`) },
        { body: item('9'.repeat(1_000_000)) },
        { body: item(`"${'x'.repeat(20_000_000)}"`) },
        { body: item(`"${'\\u0000'.repeat(500_000)}"`) },
        { body: item('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') },
        { body: Buffer.from('{"items":[{}]}'.repeat(20_000)) },
        { body: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(item('1').toString(), 'utf16le')]) },
        { body: Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80, 0, 0, 0]) },
      ]),
  },
];
