import { alphabets, type SeededRandom } from './random.ts';

/** A made-up secret in generated input. It must be in no output. */
export interface PlantedSecret {
  readonly kind: PlantedKind;
  /** The value as a thief would use it. */
  readonly value: string;
  /** Where it stands, for the report; never the value. */
  readonly where: string;
}

export type PlantedKind = 'password' | 'aws-key' | 'jwt' | 'pem' | 'secret-data' | 'email' | 'bearer';

/** Makes secrets and remembers each. All of them are random text of the right shape: none opens anything. */
export interface Planter {
  readonly planted: readonly PlantedSecret[];
  password(where: string): string;
  awsKey(where: string): string;
  jwt(where: string, subject: string): string;
  bearer(where: string): string;
  pem(where: string): string;
  email(where: string, address: string): string;
  /** Base64 of `text`, as a Secret's data holds it. */
  secretData(where: string, text: string): string;
}

const encodeBase64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const encodeBase64Url = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

function jwtText(random: SeededRandom, subject: string): string {
  const header = encodeBase64Url({ alg: 'RS256', kid: random.chars(43, alphabets.base64url) });
  const claims = {
    aud: ['https://kubernetes.default.svc'],
    exp: 1_800_000_000,
    iss: 'https://kubernetes.default.svc',
    sub: subject,
  };
  return `${header}.${encodeBase64Url({ ...claims, jti: random.uuid() })}.${random.chars(342, alphabets.base64url)}`;
}

function pemText(random: SeededRandom): string {
  const label = random.pick(['RSA PRIVATE KEY', 'EC PRIVATE KEY', 'PRIVATE KEY', 'OPENSSH PRIVATE KEY']);
  const lines = Array.from({ length: random.between(12, 24) }, () => random.chars(64, `${alphabets.alphanumeric}+/`));
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const passwordStarts = ['Wint3r!', 'k8s_', 'p@ss-', 'Lantern#', 'r00t.', 'Zq7$'];

export function createPlanter(random: SeededRandom): Planter {
  const planted: PlantedSecret[] = [];
  const plant = (kind: PlantedKind, where: string, value: string): string => {
    planted.push({ kind, where, value });
    return value;
  };
  return {
    planted,
    password: (where) =>
      plant('password', where, random.pick(passwordStarts) + random.chars(random.between(9, 16), alphabets.alphanumeric)),
    awsKey: (where) => plant('aws-key', where, `AKIA${random.chars(16, alphabets.base32)}`),
    jwt: (where, subject) => plant('jwt', where, jwtText(random, subject)),
    bearer: (where) => plant('bearer', where, random.chars(40, alphabets.alphanumeric)),
    pem: (where) => plant('pem', where, pemText(random)),
    email: (where, address) => plant('email', where, address),
    secretData: (where, text) => plant('secret-data', where, encodeBase64(text)),
  };
}
