import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { findPlanted, prepareNeedles } from '../../src/demo/find-planted.ts';
import { createPlanter } from '../../src/demo/plant.ts';
import { createRandom } from '../../src/demo/random.ts';
import { CliFolder } from '../cli/run-cli.ts';
import { wrappers } from '../sources/frames/wrapped-samples.ts';
import { plantPlaces } from './places.ts';

type Json = Record<string, unknown>;
const time = '2026-05-04T09:12:33.127649123Z';
/** Pieces as a runtime cuts them; never within a character, so that a reader can join them. */
const cut = (text: string, size: number): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];

/** Every text anywhere in a value that is an event, encodings taken away. */
function eventsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    if (value.trimStart().startsWith('{"')) {
      const inner = JSON.parse(value) as Json;
      return 'auditID' in inner ? [value.trim()] : eventsIn(inner);
    }
    if (value.startsWith('H4sI')) return eventsIn(gunzipSync(Buffer.from(value, 'base64')).toString());
    if (value.startsWith('ey')) return eventsIn(Buffer.from(value, 'base64').toString());
    return [];
  }
  if (Array.isArray(value)) return value.flatMap(eventsIn);
  if (typeof value !== 'object' || value === null) return [];
  return 'auditID' in value ? [JSON.stringify(value)] : Object.values(value).flatMap(eventsIn);
}

/** Every text of a value replaced by what `make` says, keys and what tells the format kept. */
function filled(value: unknown, make: (text: string) => string): unknown {
  if (typeof value === 'string') return make(value);
  if (Array.isArray(value)) return value.map((item) => filled(item, make));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, make)]));
}

function logEntry(event: Json): Json {
  return {
    insertId: 'a',
    protoPayload: {
      serviceName: 'k8s.io',
      methodName: 'io.k8s.core.v1.secrets.update',
      resourceName: 'core/v1/namespaces/shop/secrets/x',
      authenticationInfo: { principalEmail: 'x' },
      request: event['requestObject'],
      response: event['responseObject'],
    },
    labels: event['annotations'],
    timestamp: time,
  };
}

describe('leak of wrappers', function () {
  this.timeout(120_000);
  const folder = new CliFolder();
  after(() => folder.remove());
  const plant = createPlanter(createRandom(41));
  const places = plantPlaces(plant).map(({ line }) => line.toString());
  const isPlain = (line: string): boolean => {
    try {
      return typeof (JSON.parse(line) as Json)['auditID'] === 'string' && !/\uFFFD|\[{99}/.test(line);
    } catch {
      return false;
    }
  };
  const events = places.filter((line) => isPlain(line)).map((line) => line.trim());
  const fields = Object.entries({
    azure: {
      records: [{ category: 'kube-audit', operationName: 'x', properties: { log: 'x', pod: 'x', stream: 'x' }, resourceId: 'x' }],
    },
    cloudWatch: { messageType: 'x', owner: 'x', logGroup: 'x', logStream: 'x', logEvents: [{ id: 'x', message: 'x' }] },
    google: {
      logName: 'x',
      protoPayload: { serviceName: 'k8s.io', methodName: 'x', resourceName: 'x', status: { message: 'x' }, metadata: { a: 'x' } },
      resource: { labels: { cluster_name: 'x' } },
      labels: { a: 'x' },
    },
    docker: { log: 'x', stream: 'stdout', time: 'x', attrs: { tag: 'x' } },
  }).map(([name, value]) =>
    JSON.stringify(filled(value, (text) => (text === 'x' ? `key ${plant.awsKey(`a field of ${name}`)} end` : text))),
  );
  const prefixed = [
    `host ${plant.awsKey('a text before an event')} {"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a"}`,
    `${time} stdout F:${plant.awsKey('tags of a container line')} {"kind":"Event","auditID":"a"}`,
    `${time} AUDIT: id="a" user="${plant.awsKey('the legacy format')}"`,
  ];
  const google = events.map((event) => JSON.stringify(logEntry(JSON.parse(event) as Json)));
  const needles = prepareNeedles(plant.planted);
  const leaks = (text: string | Buffer): readonly string[] =>
    findPlanted(needles, Buffer.from(text)).map(({ kind, where }) => `${kind} in ${where}`);
  const inputs: Record<string, string[]> = Object.fromEntries(
    Object.entries(wrappers(events)).map(([name, text]) => [name, [text]]),
  );
  inputs['a container runtime'] = events.map((event) => `${time} stdout F ${event}`);
  inputs['a container runtime, cut'] = events.flatMap((event) => {
    const parts = cut(event, 150);
    return parts.map((part, i) => `${time} stdout ${i === parts.length - 1 ? 'F' : 'P'} ${part}`);
  });
  inputs['Docker'] = events.map((event) => JSON.stringify({ log: `${event}\n`, stream: 'stdout', time }));
  inputs['Docker, cut'] = events.flatMap((event) => {
    const parts = cut(`${event}\n`, 150);
    return parts.map((log) => JSON.stringify({ log, stream: 'stdout', time }));
  });
  inputs['a stream exported from CloudWatch'] = events.map((event) => `${time} ${event}`);
  let wanted: string[] = [];

  before(async () => {
    expect(events.length).to.be.greaterThan(25);
    const { stdout } = await folder.run(['mask', '-'], `${events.join('\n')}\n`);
    wanted = stdout.trimEnd().split('\n');
    expect(wanted.length).to.equal(events.length);
    expect(wanted.filter((line) => line.startsWith('{"stub"'))).to.deep.equal([]);
  });

  for (const [name, lines] of Object.entries(inputs)) {
    it(`mask of ${name} gives the events that mask gives of the bare ones, in the same shape`, async () => {
      const { code, stdout } = await folder.run(['mask', '-'], `${lines.join('\n')}\n`);
      expect(code).to.equal(0);
      expect(leaks(stdout)).to.deep.equal([]);
      const out = stdout.trimEnd().split('\n');
      if (!name.includes('packed') && !name.includes('one after another')) expect(out.length).to.equal(lines.length);
      const texts = name.includes('container') || name.includes('exported') ? joinContainer(out) : joinDocker(out);
      const seen = texts.flatMap((text) => eventsIn(text));
      expect(seen.map((text) => JSON.parse(text) as unknown)).to.deep.equal(wanted.map((text) => JSON.parse(text) as unknown));
    });
  }

  it('mask, detect and run show nothing that was planted in the fields of wrappers, before events, or in entries of Google Cloud', async () => {
    const text = `${[...fields, ...prefixed, ...google].join('\n')}\n`;
    expect(leaks(text).length).to.be.greaterThan(45);
    for (const args of [['mask'], ['mask', '--policy', 'strict'], ['detect', '--profile', 'paranoid', '--all-matches']]) {
      const { code, stdout, stderr } = await folder.run([...args, '-'], text);
      expect(code, stderr).to.equal(0);
      expect(leaks(stdout), args.join(' ')).to.deep.equal([]);
      expect(leaks(stderr)).to.deep.equal([]);
    }
    const all = `${text}${Object.values(inputs).flat().join('\n')}\n`;
    const run = await folder.run(['run', '-', '--data-dir', folder.file('data')], all);
    expect(run.code, run.stderr).to.equal(0);
    const files = readdirSync(folder.file('data'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).to.be.greaterThan(1);
    for (const file of files) {
      const bytes = readFileSync(path.join(file.parentPath, file.name));
      expect(leaks(bytes), file.name).to.deep.equal([]);
    }
  });
});

function joinContainer(lines: readonly string[]): string[] {
  const texts: string[] = [];
  let open = '';
  for (const line of lines) {
    const [, tag, text = ''] = /^\S+ (?:std\w+ ([FP]) )?(.*)$/.exec(line) ?? [];
    open += text;
    if (tag === 'P') continue;
    texts.push(open);
    open = '';
  }
  return texts;
}

/** Lines of Docker joined to their texts; other lines as they are. */
function joinDocker(lines: readonly string[]): string[] {
  const texts: string[] = [];
  let open = '';
  for (const line of lines) {
    if (!line.startsWith('{"log":"')) texts.push(line.startsWith('[') ? `{"a":${line}}` : line);
    else {
      open += (JSON.parse(line) as { log: string }).log;
      if (!open.endsWith('\n')) continue;
      texts.push(open);
      open = '';
    }
  }
  return texts;
}
