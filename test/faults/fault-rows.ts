/** What proves a row: a run of test:kill, or test files, whole or only the tests whose titles hold a text. */
export type FaultCheck = { readonly kill: 'webhook' | 'file' } | { readonly tests: readonly string[]; readonly only?: string };

/** One kind of fault or abuse, and when it counts as withstood. */
export interface FaultRow {
  readonly row: number;
  readonly fault: string;
  readonly passes: string;
  /** What proves it. */
  readonly checks: readonly FaultCheck[];
}

const tests = (...files: readonly string[]): FaultCheck => ({ tests: files });
const only = (text: string, ...files: readonly string[]): FaultCheck => ({ tests: files, only: text });
const scanner = 'scan/reference/scanner';
const abuse = 'faults/webhook-abuse';
const row = (number: number, fault: string, passes: string, ...checks: readonly FaultCheck[]): FaultRow => ({
  row: number,
  fault,
  passes,
  checks,
});

/** All kinds of faults that this program is tried against. */
export const faultRows: readonly FaultRow[] = [
  row(1, 'kill -9 under webhook load', 'every event of a 200 once, no raw value on disk', { kill: 'webhook' }),
  row(2, 'kill -9 while a file grows and is rotated', 'every whole line once', { kill: 'file' }),
  row(
    3,
    'power cut: writes without a sync are lost in part',
    'every acknowledged record once, in order',
    tests('faults/log-model'),
  ),
  row(
    4,
    'torn, flipped, zero-filled, missing, garbled files',
    'starts, delivers the rest, reports every segment it lost something of',
    tests('faults/log-damage', 'faults/log-damage-model', 'log/fill-window', 'pipeline/supervise-losses'),
  ),
  row(
    5,
    'full disk',
    '503 with Retry-After, goes on by itself, every 200 once',
    tests('faults/log-disk-full', 'faults/agent-disk-full'),
  ),
  row(6, 'device error, failed sync', 'segment left, nothing of it acknowledged', tests('faults/log-device-error')),
  row(
    7,
    'folder or position cannot be written',
    'refused at the start in words; later repeats, no loss',
    only('cannot be used', 'log/segment-log'),
    only('commit', 'faults/log-disk-full'),
    only('checkpoint', 'sources/file/file-source'),
  ),
  row(
    8,
    'sink away under load',
    'memory flat, drains after it in order; every event at least once over kills',
    tests('faults/sink-outage', 'faults/webhook-sink-down'),
  ),
  row(9, 'connections cut, half-open, slow, with garbage', 'every 200 once, the sender goes on', tests('faults/webhook-network')),
  row(10, 'one of three sinks dead', 'the others go on, and so does a stop', tests('pipeline/dead-sink')),
  row(
    11,
    'record that a sink refuses for good',
    'it alone is a dead letter with the reason; the rest arrives once',
    only('poison', 'sinks/send-split'),
    tests('pipeline/dead-letters', 'pipeline/sink-loop'),
  ),
  row(12, 'batch too large for a sink', 'split; one record too large is a dead letter', only('size', 'sinks/send-split')),
  row(14, 'refusals for a while, then all retries at once', 'each batch once', tests('faults/agent-disk-full')),
  row(15, 'the same batch twice', 'repeats left out by content', only('repeat', 'log/segment-log'), tests('log/dedupe-window')),
  row(16, 'events out of order', 'the same episodes', tests('state/absence-state', 'state/correlator', 'state/watermark')),
  row(
    17,
    'odd requests: path, method, type, chunked, query',
    '200, 404, 405 as documented',
    tests('sources/webhook/webhook-source'),
  ),
  row(
    18,
    'very large lists and events',
    'taken in bounded memory',
    tests('sources/frames/document-framer', 'sources/webhook/body-framer'),
  ),
  row(
    19,
    'gzip that grows without end',
    'refused at its bound',
    tests('sources/webhook/receiver', 'sources/webhook/webhook-source'),
  ),
  row(20, 'slow and idle connections by the thousand', 'an honest sender is not kept waiting', tests(abuse)),
  row(
    21,
    'no, wrong or expired certificate, wrong token',
    'refused with the reason, nothing read',
    tests('sources/webhook/listener', 'sources/webhook/client-identity'),
  ),
  row(22, 'depth, numbers of keys, long strings', 'a stub or an event, no stall', only('nest', scanner), tests(abuse)),
  row(
    23,
    'every file of JSONTestSuite',
    'no crash, nothing unmasked passed on',
    only('JSONTestSuite', abuse, 'sources/webhook/webhook-source'),
  ),
  row(24, 'doubled keys, escapes, BOM, not UTF-8 around a secret', 'no secret anywhere', tests('leak/leak', 'leak/shapes')),
  row(25, 'names such as __proto__ everywhere', 'no prototype changes, nothing leaks', tests('faults/prototype-names')),
  row(
    26,
    'numbers at the edges',
    'unmasked bytes as they came',
    only('changes nothing', scanner),
    tests('sources/frames/item-stream'),
  ),
  row(
    27,
    'awkward strings through every output',
    'one line of valid JSON each, nothing that a terminal acts on',
    tests('faults/awkward-strings'),
  ),
  row(28, 'expressions that explode', 'refused, or linear', tests('scan/pattern')),
  row(29, 'terminal escapes and bidirectional text', 'taken out', tests('cli/printable', 'cli/commands/tail')),
  row(30, 'formulas in CSV', 'neutralised', tests('export/csv', 'cli/commands/export')),
  row(
    31,
    'object names that are paths',
    'no file but those that the configuration names',
    only('names', 'faults/awkward-strings'),
  ),
  row(33, 'secrets in every place and encoding', 'no secret anywhere', tests('leak/leak', 'leak/shapes', 'leak/wrappers')),
  row(
    34,
    'masking throws or does not mask',
    'a stub; nothing is forwarded',
    tests('inspect/inspector', 'pipeline/self-test', 'pipeline/supervise-masking'),
  ),
  row(
    35,
    'rotation in all its forms',
    'every whole line once',
    tests('sources/file/file-source', 'faults/file-troubles', 'faults/tail-model'),
  ),
  row(
    36,
    'partial, torn and very long lines',
    'nothing joined wrongly',
    tests('sources/frames/line-framer', 'sources/frames/partial-lines'),
  ),
  row(
    37,
    'wrappers of clouds and runtimes',
    'taken apart, or named',
    tests(
      'sources/frames/open-wrapper',
      'sources/frames/event-list',
      'sources/frames/log-entry',
      'sources/frames/docker-line',
      'leak/wrappers',
    ),
  ),
  row(38, 'the clock jumps by a day', 'no record lost or out of order', tests('faults/clock-jumps')),
  row(
    39,
    'SIGTERM under load, reload, a log of another version',
    'drained, nothing lost, refused in words',
    only('SIGTERM', 'faults/agent-limits'),
    tests('pipeline/run-agent', 'faults/log-format'),
  ),
  row(
    40,
    'key missing, weak, rotated',
    'refused, or an overlap',
    tests('crypto/key-ring-file', 'crypto/key-ring', 'pipeline/key-watch'),
  ),
  row(
    41,
    'a log that was changed on purpose',
    'the first bad place is named, by two verifiers',
    tests('cli/commands/verify', 'proof/verify-log', 'cli/commands/export'),
  ),
  row(42, 'no file descriptors', 'lives, loses nothing', only('descriptors', 'faults/agent-limits')),
  row(43, 'stalls under a steady load', 'nothing lost or twice; hours of it: `npm run test:soak`', tests('faults/soak')),
  row(
    44,
    'a flood from one sender',
    'it is refused and counted; an attack that another one tells of is taken at once and found',
    tests('faults/webhook-flood', 'sources/webhook/admission'),
  ),
];
