import { crc32 } from 'node:zlib';
import { alphabets, type SeededRandom } from '../../src/demo/random.ts';

/** How a value can be recognised: by its shape anywhere, or only by its name or place, or it is about a person. */
export type SecretClass = 'shaped' | 'named' | 'personal';

export interface SecretKind {
  readonly kind: string;
  readonly class: SecretClass;
  /** A name that tells what the value is, in the spelling of an environment variable. */
  readonly name: string;
  /** A made-up value: it opens nothing. */
  readonly make: (random: SeededRandom) => string;
}

const { alphanumeric, base64url, base32, hex } = alphabets;
const base64 = `${alphanumeric}+/`;
const digits = '0123456789';
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** GitHub's and npm's tokens end in six base62 digits of the CRC-32 of what stands before. */
function withChecksum(random: SeededRandom, prefix: string): string {
  const body = random.chars(30, alphanumeric);
  const order = `${digits}${base62}`;
  let rest = crc32(body);
  let check = '';
  for (let i = 0; i < 6; i++, rest = Math.floor(rest / 62)) check = (order[rest % 62] ?? '0') + check;
  return `${prefix}${body}${check}`;
}

/** The last digit makes the Luhn sum right (ISO/IEC 7812-1 annex B). */
function cardNumber(random: SeededRandom): string {
  const body = `4${random.chars(14, digits)}`;
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    sum += i % 2 === 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** Two check digits, modulo 97 (ISO 13616). */
function iban(random: SeededRandom): string {
  const account = random.chars(18, digits);
  const rest = BigInt(`${account}131400`) % 97n;
  return `DE${String(98n - rest).padStart(2, '0')}${account}`;
}

function jwt(random: SeededRandom): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'https://issuer.example.com', sub: random.chars(8, base32), exp: 1_800_000_000, jti: random.uuid() };
  return `${part({ alg: 'RS256', typ: 'JWT', kid: random.chars(10, hex) })}.${part(claims)}.${random.chars(256, base64url)}`;
}

function privateKey(random: SeededRandom): string {
  const label = random.pick(['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'PRIVATE KEY', 'OPENSSH PRIVATE KEY']);
  const lines = Array.from({ length: random.between(4, 12) }, () => random.chars(64, base64));
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const word = (random: SeededRandom): string => random.pick(['anna', 'omar', 'ines', 'hana', 'piotr', 'lena', 'tomas', 'mei']);
const passwordMarks = ['!', '-', '_', '.', '#', '$', ''];

/** What is planted, each kind in the form its vendor or standard gives it. */
export const secretKinds: readonly SecretKind[] = [
  {
    kind: 'password',
    class: 'named',
    name: 'DB_PASSWORD',
    make: (random) =>
      `${random.chars(random.between(5, 9), alphanumeric)}${random.pick(passwordMarks)}${random.chars(random.between(4, 9), alphanumeric)}`,
  },
  {
    kind: 'opaque-token',
    class: 'named',
    name: 'API_TOKEN',
    make: (random) => random.chars(random.between(24, 48), alphanumeric),
  },
  { kind: 'hex-key', class: 'named', name: 'ENCRYPTION_KEY', make: (random) => random.chars(64, hex) },
  { kind: 'uuid-secret', class: 'named', name: 'CLIENT_SECRET', make: (random) => random.uuid() },
  { kind: 'aws-secret-key', class: 'named', name: 'AWS_SECRET_ACCESS_KEY', make: (random) => random.chars(40, base64) },
  { kind: 'jwt', class: 'shaped', name: 'ID_TOKEN', make: jwt },
  { kind: 'private-key', class: 'shaped', name: 'TLS_KEY', make: privateKey },
  { kind: 'aws-key-id', class: 'shaped', name: 'AWS_ACCESS_KEY_ID', make: (random) => `AKIA${random.chars(16, base32)}` },
  { kind: 'github-token', class: 'shaped', name: 'GH_TOKEN', make: (random) => withChecksum(random, 'ghp_') },
  { kind: 'gitlab-token', class: 'shaped', name: 'GITLAB_TOKEN', make: (random) => `glpat-${random.chars(20, base64url)}` },
  {
    kind: 'slack-token',
    class: 'shaped',
    name: 'SLACK_TOKEN',
    make: (random) => `xoxb-${random.chars(12, digits)}-${random.chars(12, digits)}-${random.chars(24, alphanumeric)}`,
  },
  { kind: 'stripe-key', class: 'shaped', name: 'STRIPE_KEY', make: (random) => `sk_live_${random.chars(24, alphanumeric)}` },
  { kind: 'google-key', class: 'shaped', name: 'GOOGLE_API_KEY', make: (random) => `AIza${random.chars(35, base64url)}` },
  { kind: 'npm-token', class: 'shaped', name: 'NPM_TOKEN', make: (random) => withChecksum(random, 'npm_') },
  { kind: 'vault-token', class: 'shaped', name: 'VAULT_TOKEN', make: (random) => `hvs.${random.chars(96, base64url)}` },
  {
    kind: 'sendgrid-key',
    class: 'shaped',
    name: 'SENDGRID_API_KEY',
    make: (random) => `SG.${random.chars(22, base64url)}.${random.chars(43, base64url)}`,
  },
  {
    kind: 'anthropic-key',
    class: 'shaped',
    name: 'ANTHROPIC_API_KEY',
    make: (random) => `sk-ant-api03-${random.chars(93, base64url)}AA`,
  },
  {
    kind: 'database-uri',
    class: 'shaped',
    name: 'DATABASE_URL',
    make: (random) => `postgres://app:${random.chars(16, alphanumeric)}@db.example.com:5432/app`,
  },
  {
    kind: 'email',
    class: 'personal',
    name: 'OWNER_EMAIL',
    make: (random) => `${word(random)}.${random.chars(6, 'abcdefgh')}@example.com`,
  },
  { kind: 'ipv4', class: 'personal', name: 'PEER_ADDRESS', make: (random) => `198.51.100.${random.between(1, 254)}` },
  {
    kind: 'ipv6',
    class: 'personal',
    name: 'PEER_ADDRESS',
    make: (random) => `2001:db8:${random.chars(3, '123456789')}::${random.chars(4, '123456789')}`,
  },
  { kind: 'credit-card', class: 'personal', name: 'CARD_NUMBER', make: cardNumber },
  { kind: 'iban', class: 'personal', name: 'IBAN', make: iban },
];

/** What must be gone of a value: of a URI the password in it, of a key a line of it, wherever its line ends went. */
export function needleOf({ kind }: SecretKind, value: string): string {
  if (kind === 'private-key') return value.split('\n')[2] ?? value;
  return kind === 'database-uri' ? value.slice('postgres://app:'.length, value.indexOf('@')) : value;
}
