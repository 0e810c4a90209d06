import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { maskOf, peerPatterns } from './patterns.ts';

/** How a peer is started, and the file that holds its output where that is not standard output. */
export interface PeerStart {
  readonly args: readonly string[];
  readonly output?: string;
}

/** Names whose values are secrets, for peers that know structure. */
const secretNames = '(?i)(pass(word|wd|phrase)?|secret|token|api[_-]?key|credential)s?$';

const quoted = (text: string): string => JSON.stringify(text);

function write(directory: string, name: string, text: string): string {
  const file = path.join(directory, name);
  writeFileSync(file, text);
  return file;
}

export function sedStart(directory: string): PeerStart {
  const line = (expression: string, mask: string): string => `s|${expression.replaceAll('|', '\\|')}|${mask}|g`;
  const script = `${peerPatterns.map((one) => line(one.expression, maskOf(one, '\\1'))).join('\n')}\n`;
  return { args: ['-E', '-f', write(directory, 'mask.sed', script)] };
}

export function syslogStart(directory: string, masks: boolean): PeerStart {
  const output = path.join(directory, 'out.log');
  const substitutions = peerPatterns.map((one) => {
    const mask = maskOf(one, '$1');
    return `  subst(${quoted(one.expression)}, ${quoted(mask)}, value("MESSAGE"), type(pcre), flags("global"));`;
  });
  const config = `@version: 3.35
options { stats-freq(0); log-msg-size(67108864); };
source s { stdin(flags(no-parse)); };
rewrite masks {\n${masks ? substitutions.join('\n') : '  set("x", value("unused"));'}\n};
destination d { file(${quoted(output)} template("$MESSAGE\\n")); };
log { source(s); rewrite(masks); destination(d); };
`;
  const file = write(directory, 'syslog-ng.conf', config);
  const state = ['persist', 'control', 'pid'].map((name) => path.join(directory, name));
  const args = ['-F', '--no-caps', '-f', file, '-R', state[0], '-c', state[1], '--pidfile', state[2]] as readonly string[];
  return { args, output };
}

export function gitleaksStart(directory: string): PeerStart {
  const report = path.join(directory, 'report.json');
  const quiet = ['--no-banner', '--exit-code', '0', '--log-level', 'fatal'];
  return { args: ['stdin', ...quiet, '--report-format', 'json', '--report-path', report] };
}

/** JSON is YAML, so no list needs a spelling of its own. */
export function collectorStart(directory: string, input: string): PeerStart {
  const output = path.join(directory, 'out.json');
  const config = {
    receivers: {
      filelog: {
        include: [input],
        start_at: 'beginning',
        max_log_size: '64MiB',
        operators: [{ type: 'json_parser', parse_to: 'body' }],
      },
    },
    processors: {
      redaction: {
        allow_all_keys: true,
        blocked_key_patterns: [secretNames, '^(data|stringData)$'],
        blocked_values: peerPatterns.map(({ expression }) => expression),
        summary: 'silent',
      },
    },
    exporters: { file: { path: output } },
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'error' } },
      pipelines: { logs: { receivers: ['filelog'], processors: ['redaction'], exporters: ['file'] } },
    },
  };
  return { args: ['--config', `file:${write(directory, 'collector.yaml', JSON.stringify(config))}`], output };
}

/** Bloblang: walks each event, masks texts by expressions, members by name, variables by the name beside them, and Secrets. */
function bloblang(): string {
  const replaced = peerPatterns.map((one) => `.re_replace_all(${quoted(one.expression)}, ${quoted(maskOf(one, '$1'))})`);
  return `map text {
  root = this${replaced.join('')}
}
map variable {
  root = if this.exists("value") && this.value.type() == "string" && (this.name | "").string().re_match(${quoted(secretNames)}) { this.assign({"value": "[MASKED:variable]"}) } else { this }
}
map mask {
  root = match {
    this.type() == "string" => this.apply("text")
    this.type() == "array" => this.map_each(item -> item.apply("mask"))
    this.type() == "object" => this.apply("variable").map_each(item -> if item.value.type() == "string" && item.key.re_match(${quoted(secretNames)}) { "[MASKED:named]" } else { item.value.apply("mask") })
    _ => this
  }
}
map secret {
  root = if this.type() == "object" { this.map_each(item -> if ["data", "stringData"].contains(item.key) && item.value.type() == "object" { item.value.map_each(one -> "[MASKED:secret]") } else { item.value }) } else { this }
}
root = this.apply("mask")
root.requestObject = if this.objectRef.resource == "secrets" && this.exists("requestObject") { root.requestObject.apply("secret") }
root.responseObject = if this.objectRef.resource == "secrets" && this.exists("responseObject") { root.responseObject.apply("secret") }
`;
}

export function benthosStart(directory: string): PeerStart {
  const config = {
    http: { enabled: false },
    logger: { level: 'ERROR' },
    input: { stdin: { scanner: { lines: { max_buffer_size: 67_108_864 } } } },
    pipeline: { threads: 1, processors: [{ mapping: bloblang() }] },
    output: { stdout: {} },
  };
  return { args: ['-c', write(directory, 'benthos.yaml', JSON.stringify(config))] };
}

/** VRL: its function for this reads all texts of an event; it does not see the names beside them. */
export function vrlStart(directory: string): PeerStart {
  const filters = peerPatterns.map(({ expression }) => `r'${expression.replaceAll("'", "\\'")}'`);
  const program = `. = redact(., filters: [${filters.join(', ')}])
if .objectRef.resource == "secrets" {
  if is_object(.requestObject.data) { .requestObject.data = map_values(object!(.requestObject.data)) -> |_v| { "[REDACTED]" } }
  if is_object(.requestObject.stringData) { .requestObject.stringData = map_values(object!(.requestObject.stringData)) -> |_v| { "[REDACTED]" } }
  if is_object(.responseObject.data) { .responseObject.data = map_values(object!(.responseObject.data)) -> |_v| { "[REDACTED]" } }
}
`;
  return { args: ['--quiet', '--print-object', '--program', write(directory, 'mask.vrl', program)] };
}
