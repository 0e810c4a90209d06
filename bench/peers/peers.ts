import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benthosStart, collectorStart, gitleaksStart, type PeerStart, sedStart, syslogStart, vrlStart } from './configs.ts';
import { peerPatterns } from './patterns.ts';

/** Something users would take instead. It reads the log on standard input, or by its name. */
export interface Peer {
  readonly name: string;
  readonly work: string;
  /** What Auditveil does over the same bytes and this does not. */
  readonly lacks: string;
  readonly program: string;
  /** What it answers, where it is there; `version` is what the set-up installs of one that does not say its version. */
  readonly versionArgs: readonly string[];
  readonly version?: string;
  /** `directory` is empty; `input` is the log. */
  readonly prepare: (directory: string, input: string) => PeerStart;
  /** Finds and does not mask: no output to search. So slow that it runs once. */
  readonly findsOnly?: true;
  /** Goes on waiting for more of the log: it is told to end once its output holds the last event. */
  readonly waits?: true;
}

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const rawLine = 'structure (Secrets, variables, commands, encodings), detection, pseudonyms that join, a JSON-safe cut';
const expressions = `${peerPatterns.length} expressions`;

export const peers: readonly Peer[] = [
  {
    name: 'Auditveil mask',
    work: 'policy `standard`: every kind that is on, structure, encodings, pseudonyms',
    lacks: '',
    program: process.execPath,
    versionArgs: [main, 'version'],
    prepare: () => ({ args: [main, 'mask', '-'] }),
  },
  {
    name: 'sed',
    work: `${peerPatterns.length} substitutions on the raw line`,
    lacks: rawLine,
    program: 'sed',
    versionArgs: ['--version'],
    prepare: sedStart,
  },
  {
    name: 'syslog-ng, masking',
    work: `${peerPatterns.length} PCRE substitutions on the raw line`,
    lacks: rawLine,
    program: 'syslog-ng',
    versionArgs: ['--version'],
    prepare: (directory) => syslogStart(directory, true),
  },
  {
    name: 'syslog-ng, raw',
    work: 'reads and writes, masks nothing',
    lacks: 'all masking and detection',
    program: 'syslog-ng',
    versionArgs: ['--version'],
    prepare: (directory) => syslogStart(directory, false),
  },
  {
    name: 'OpenTelemetry Collector',
    work: `file receiver, JSON parser, redaction processor with ${expressions} on every text and members masked by name (every \`data\`, also of ConfigMaps), OTLP JSON out`,
    lacks: 'variables, commands, encodings, text inside strings by its structure, detection, pseudonyms, the bytes of the event',
    program: 'otelcol',
    versionArgs: ['--version'],
    prepare: collectorStart,
    waits: true,
  },
  {
    name: 'Benthos (Redpanda Connect)',
    work: `parses, ${expressions} on every text, members and variables by name, Secrets; in its mapping language`,
    lacks: 'commands, encodings, text inside strings by its structure, detection, pseudonyms, the bytes of the event',
    program: 'benthos',
    versionArgs: ['--version'],
    prepare: benthosStart,
  },
  {
    name: 'VRL (language of Vector)',
    work: `parses, \`redact\` with ${expressions} on every text, Secrets; its own command line, which reads all of the log before it starts`,
    lacks: 'variables and members by name, commands, encodings, detection, pseudonyms, the bytes and the order of an event',
    program: 'vrl',
    versionArgs: ['--help'],
    version: 'crate vrl 0.38.0',
    prepare: vrlStart,
  },
  {
    name: 'gitleaks',
    work: 'its default rules and decoders over standard input; finds only',
    lacks: 'masking, personal data, addresses, structure, order of lines',
    program: 'gitleaks',
    versionArgs: ['version'],
    prepare: gitleaksStart,
    findsOnly: true,
  },
];

/** The first line of what a program says about its version; undefined where it is not on the PATH. */
export function versionOf({
  program,
  versionArgs,
  version,
}: Pick<Peer, 'program' | 'versionArgs' | 'version'>): string | undefined {
  try {
    const said = execFileSync(program, [...versionArgs], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return version ?? said.split('\n')[0]?.trim();
  } catch {
    return undefined;
  }
}
