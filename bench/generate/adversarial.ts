import { createRandom, type SeededRandom } from '../../src/demo/random.ts';

/** Makes the value of one event's body; `bytes` is about how long its JSON should be. */
type MakeBody = (random: SeededRandom, bytes: number) => unknown;

export interface Adversary {
  readonly name: string;
  readonly about: string;
  readonly body: MakeBody;
  /** Bytes of one event. */
  readonly eventBytes: number;
  /** Spells each letter of the body's texts as \u0061. */
  readonly escaped?: boolean;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const repeated = (bytes: number, part: (i: number) => string): string => {
  const parts: string[] = [];
  for (let i = 0, length = 0; length < bytes; i++) {
    const text = part(i);
    parts.push(text);
    length += text.length;
  }
  return parts.join('');
};
const word = (random: SeededRandom, length: number): string => random.chars(length, letters);
const address = (random: SeededRandom): string =>
  `${random.between(1, 223)}.${random.between(0, 255)}.${random.between(0, 255)}.${random.between(1, 254)}`;
const text =
  (part: (random: SeededRandom, i: number) => string): MakeBody =>
  (random, bytes) => ({
    kind: 'ConfigMap',
    data: { text: repeated(bytes, (i) => part(random, i)) },
  });

/** Beginnings of what patterns look for, whole and spoilt. */
const candidates = [
  'password=',
  'token: ',
  'AKIA',
  'eyJhbGciOi',
  'ghp_',
  'xoxb-',
  '-----BEGIN ',
  'secret=',
  'https://u:p@h/',
  'sk_live_',
];

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { k: value };
  return value;
}

/** Inputs somebody might send to make inspection slow. All are valid audit events. */
export const adversaries: readonly Adversary[] = [
  { name: 'addresses', about: 'a new address every 15 bytes', eventBytes: 20_000, body: text((random) => `${address(random)} `) },
  {
    name: 'users',
    about: 'a new user and e-mail address every 30 bytes',
    eventBytes: 20_000,
    body: (random, bytes) => ({
      kind: 'RoleBinding',
      subjects: Array.from({ length: bytes / 60 }, () => ({ kind: 'User', name: `${word(random, 12)}@example.com` })),
    }),
  },
  {
    name: 'candidates',
    about: 'nothing but beginnings of secrets',
    eventBytes: 20_000,
    body: text((random, i) => `${candidates[i % candidates.length]}${word(random, 8)} `),
  },
  {
    name: 'escapes',
    about: 'every letter as \\u0061: the slow path',
    eventBytes: 20_000,
    escaped: true,
    body: (random, bytes) => ({
      kind: 'ConfigMap',
      data: { [word(random, 8)]: word(random, bytes / 6), note: word(random, 40) },
    }),
  },
  {
    name: 'nesting',
    about: 'as deep as is allowed',
    eventBytes: 20_000,
    body: (_, bytes) => Array.from({ length: bytes / 1800 }, () => nested(480)),
  },
  {
    name: 'long-text',
    about: 'words in a text of a megabyte',
    eventBytes: 1_000_000,
    body: text((random) => `${word(random, 7)} `),
  },
  { name: 'long-word', about: 'a megabyte without a separator', eventBytes: 1_000_000, body: text((random) => word(random, 64)) },
  {
    name: 'long-base64',
    about: 'a megabyte of base64',
    eventBytes: 1_000_000,
    body: (random, bytes) => ({ kind: 'ConfigMap', data: { text: Buffer.from(word(random, bytes * 0.75)).toString('base64') } }),
  },
  {
    name: 'long-digits',
    about: 'a megabyte of digits',
    eventBytes: 1_000_000,
    body: text((random) => String(random.between(100_000, 999_999))),
  },
  {
    name: 'long-hex',
    about: 'a megabyte of hexadecimal digits',
    eventBytes: 1_000_000,
    body: text((random) => random.between(0x10000000, 0xffffffff).toString(16)),
  },
  {
    name: 'long-dots',
    about: 'a megabyte of names joined by dots',
    eventBytes: 1_000_000,
    body: text((random) => `${word(random, 5)}.`),
  },
  {
    name: 'long-colons',
    about: 'a megabyte of colons and digits',
    eventBytes: 1_000_000,
    body: text((random) => `${random.between(0, 9)}:`),
  },
  { name: 'long-at', about: 'a megabyte of @', eventBytes: 1_000_000, body: text((random) => `${word(random, 1)}@`) },
  {
    name: 'long-percent',
    about: 'a megabyte of percent escapes',
    eventBytes: 1_000_000,
    body: text((random) => `%${random.between(0x61, 0x7a).toString(16)}`),
  },
  { name: 'long-backslashes', about: 'a megabyte of quotes and backslashes', eventBytes: 1_000_000, body: text(() => '\\"') },
  {
    name: 'long-yaml',
    about: 'a megabyte of YAML',
    eventBytes: 1_000_000,
    body: text((random, i) => `${' '.repeat((i % 6) * 2)}${word(random, 6)}: ${word(random, 6)}\n`),
  },
  {
    name: 'long-json',
    about: 'a megabyte of JSON in a string',
    eventBytes: 1_000_000,
    body: (random, bytes) => ({
      kind: 'ConfigMap',
      data: { text: JSON.stringify(Array.from({ length: bytes / 24 }, () => ({ [word(random, 6)]: word(random, 6) }))) },
    }),
  },
  { name: 'long-brackets', about: 'a megabyte of opening brackets in a string', eventBytes: 1_000_000, body: text(() => '[{') },
  {
    name: 'long-assignments',
    about: 'a megabyte of assignments',
    eventBytes: 1_000_000,
    body: text((random) => `${word(random, 4)}=${word(random, 4)};`),
  },
  {
    name: 'long-command',
    about: 'a shell line of a megabyte',
    eventBytes: 1_000_000,
    body: (random, bytes) => ({
      kind: 'Pod',
      spec: { containers: [{ command: ['sh', '-c', repeated(bytes, () => `--${word(random, 6)} '${word(random, 6)}' `)] }] },
    }),
  },
  { name: 'long-uri', about: 'a requestURI of half a megabyte', eventBytes: 500_000, body: () => undefined },
  {
    name: 'keys',
    about: 'ever new short keys',
    eventBytes: 200_000,
    body: (random, bytes) => Object.fromEntries(Array.from({ length: bytes / 12 }, () => [word(random, 5), 1])),
  },
  { name: 'same-keys', about: 'one key again and again', eventBytes: 200_000, body: () => undefined },
  {
    name: 'elements',
    about: 'lists of very short texts',
    eventBytes: 200_000,
    body: (random, bytes) => Array.from({ length: bytes / 6 }, () => word(random, 3)),
  },
  { name: 'tiny', about: 'events of 200 bytes', eventBytes: 200, body: () => undefined },
];

const escapedText = (json: string): string =>
  json.replace(/[a-z]{6,}/g, (run) =>
    [...run].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  );

/** One event as a line without its end. */
export function adversarialEvent(
  adversary: Adversary,
  random: SeededRandom,
  number: number,
  eventBytes = adversary.eventBytes,
): string {
  const head = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000","stage":"ResponseComplete","verb":"create","user":{"username":"${word(random, 9)}"},"sourceIPs":["${address(random)}"],"objectRef":{"resource":"configmaps"}`;
  if (adversary.name === 'long-uri')
    return `${head},"requestURI":"/api/v1/pods?${repeated(eventBytes, () => `${word(random, 4)}=${word(random, 4)}&`)}"}`;
  if (adversary.name === 'same-keys')
    return `${head},"requestObject":{${repeated(eventBytes, () => '"name":"x",').slice(0, -1)}}}`;
  const body = adversary.body(random, eventBytes);
  if (body === undefined) return `${head}}`;
  const json = JSON.stringify(body);
  return `${head},"requestObject":${adversary.escaped ? escapedText(json) : json}}`;
}

/** Lines of one kind of about `bytes` in all. The same arguments give the same lines. */
export function adversarialLines(adversary: Adversary, bytes: number, eventBytes = adversary.eventBytes): string {
  const random = createRandom(7);
  const lines: string[] = [];
  for (let length = 0; length < bytes; ) {
    const line = adversarialEvent(adversary, random, lines.length, eventBytes);
    lines.push(line, '\n');
    length += line.length + 1;
  }
  return lines.join('');
}
