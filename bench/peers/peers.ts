import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { maskOf, peerPatterns } from './patterns.ts';

/** Something users would take instead. It reads the log on standard input. */
export interface Peer {
  readonly name: string;
  readonly work: string;
  /** What Auditveil does over the same bytes and this does not. */
  readonly lacks: string;
  readonly program: string;
  readonly versionArgs: readonly string[];
  /** Arguments, and the file that holds the output where that is not standard output. `directory` is empty. */
  readonly prepare: (directory: string) => { readonly args: readonly string[]; readonly output?: string };
  /** Finds and does not mask: no output to search. So slow that it runs once. */
  readonly findsOnly?: true;
}

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

function sedScript(directory: string): string {
  const file = path.join(directory, 'mask.sed');
  const line = (expression: string, mask: string): string => `s|${expression.replaceAll('|', '\\|')}|${mask}|g`;
  writeFileSync(file, `${peerPatterns.map((one) => line(one.expression, maskOf(one, '\\1'))).join('\n')}\n`);
  return file;
}

const quoted = (text: string): string => JSON.stringify(text);

function syslogConfig(directory: string, masks: boolean): { readonly args: readonly string[]; readonly output: string } {
  const output = path.join(directory, 'out.log');
  const substitutions = peerPatterns.map((one) => {
    const mask = maskOf(one, '$1');
    return `  subst(${quoted(one.expression)}, ${quoted(mask)}, value("MESSAGE"), type(pcre), flags("global"));`;
  });
  const file = path.join(directory, 'syslog-ng.conf');
  writeFileSync(
    file,
    `@version: 3.35
options { stats-freq(0); log-msg-size(67108864); };
source s { stdin(flags(no-parse)); };
rewrite masks {\n${masks ? substitutions.join('\n') : '  set("x", value("unused"));'}\n};
destination d { file(${quoted(output)} template("$MESSAGE\\n")); };
log { source(s); rewrite(masks); destination(d); };
`,
  );
  const state = ['persist', 'control', 'pid'].map((name) => path.join(directory, name));
  const args = ['-F', '--no-caps', '-f', file, '-R', state[0], '-c', state[1], '--pidfile', state[2]] as readonly string[];
  return { args, output };
}

const rawLine = 'structure (Secrets, variables, commands, encodings), detection, pseudonyms that join, a JSON-safe cut';

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
    prepare: (directory) => ({ args: ['-E', '-f', sedScript(directory)] }),
  },
  {
    name: 'syslog-ng, masking',
    work: `${peerPatterns.length} PCRE substitutions on the raw line`,
    lacks: rawLine,
    program: 'syslog-ng',
    versionArgs: ['--version'],
    prepare: (directory) => syslogConfig(directory, true),
  },
  {
    name: 'syslog-ng, raw',
    work: 'reads and writes, masks nothing',
    lacks: 'all masking and detection',
    program: 'syslog-ng',
    versionArgs: ['--version'],
    prepare: (directory) => syslogConfig(directory, false),
  },
  {
    name: 'gitleaks',
    work: 'its default rules and decoders over standard input; finds only',
    lacks: 'masking, personal data, addresses, structure, order of lines',
    program: 'gitleaks',
    versionArgs: ['version'],
    prepare: (directory) => ({
      args: [
        'stdin',
        '--no-banner',
        '--exit-code',
        '0',
        '--log-level',
        'fatal',
        '--report-format',
        'json',
        '--report-path',
        path.join(directory, 'report.json'),
      ],
    }),
    findsOnly: true,
  },
];

/** The first line of what a program says about its version; undefined where it is not on the PATH. */
export function versionOf({ program, versionArgs }: Pick<Peer, 'program' | 'versionArgs'>): string | undefined {
  try {
    return execFileSync(program, [...versionArgs], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')[0]
      ?.trim();
  } catch {
    return undefined;
  }
}
