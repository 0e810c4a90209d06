import type { Tile } from '../core/tile.ts';
import type { MaskRule, Pack, PackExample } from '../masking/pack.ts';
import { compilePattern } from '../scan/pattern.ts';
import { tileOf } from '../sources/frames/tile-builder.ts';
import { needlesOf, replaceValue, vary } from './canary-values.ts';

/** An event with values that must not come out again. It names places of ours and rules, so that it can be reported. */
export interface CanaryEvent {
  readonly rules: readonly string[];
  readonly kinds: readonly string[];
  /** Name of the example and its pack's file and line. */
  readonly origin: string;
  readonly text: string;
  /** Any of these in the masked event is a leak. */
  readonly needles: readonly string[];
}

/** One example in one place: the event as the pack has it (no needles: too short to look for), and others like it with values of this run. */
export interface CanaryForm {
  readonly original: CanaryEvent;
  readonly varied: readonly CanaryEvent[];
}

/** Canaries as a source hands events over. */
export function canaryTiles(canaries: readonly CanaryEvent[], nowUs: number): readonly Tile[] {
  const events = canaries.map(({ text }, i) => {
    const bytes = Buffer.from(text);
    return { bytes, offset: i, item: 0, covers: bytes.length };
  });
  return tileOf(events, { cluster: 'auditveil', source: 'selftest', stream: 'selftest' }, nowUs, false);
}

/** Others like an example that are tried: some makes have a check digit or a checksum that a random one rarely meets. */
const variationsTried = 2;

/** Actions after which a part of the value may be left. */
const leavesPart = (rule: MaskRule): boolean =>
  rule.action === 'keep-last-4' || rule.action === 'truncate' || rule.pseudonym !== 'token';
const masks = (rule: MaskRule): boolean =>
  rule.action !== 'keep' && rule.operation.type !== 'keep' && rule.operation.type !== 'document';

/**
 * The examples of packs in force as canaries: those all of whose masking rules apply.
 * @param places `once`: each example in one place, as the pack has it
 */
export function canaryForms(
  packs: readonly Pack[],
  examplesOf: (pack: Pack) => readonly PackExample[],
  random: (bytes: number) => Uint8Array,
  places: 'all' | 'once' = 'all',
): readonly CanaryForm[] {
  const inForce = new Map(packs.flatMap((pack) => pack.rules.map((rule) => [rule.id, rule] as const)));
  return packs.flatMap((pack) =>
    examplesOf(pack).flatMap((example) => {
      const rules = example.rules.flatMap((id) => inForce.get(id) ?? []);
      if (rules.length < example.rules.length) return [];
      const masking = rules.filter(masks);
      const gone = example.gone.filter((value) => !isSpared(value, masking));
      if (masking.length === 0 || gone.length === 0) return [];
      const about = {
        rules: masking.map((rule) => rule.id),
        kinds: [...new Set(masking.map((rule) => rule.kind))],
        origin: `${pack.file}:${example.line}: ${example.name}`,
      };
      const whole = masking.some(leavesPart);
      const variations = places === 'once' ? 0 : variationsTried;
      const texts = placesOf(example).slice(0, places === 'once' ? 1 : undefined);
      return texts.flatMap((text) => formOf({ about, text, gone, whole, variations, random }) ?? []);
    }),
  );
}

/** A policy may keep some values of a kind: users it names. */
function isSpared(value: string, rules: readonly MaskRule[]): boolean {
  return rules.some(({ operation }) => {
    const unless = 'unless' in operation ? operation.unless : undefined;
    return unless !== undefined && compilePattern(unless).test(Buffer.from(value));
  });
}

interface FormParts {
  readonly about: Pick<CanaryEvent, 'rules' | 'kinds' | 'origin'>;
  readonly text: string;
  /** Values that must not come out. */
  readonly gone: readonly string[];
  readonly whole: boolean;
  readonly variations: number;
  readonly random: (bytes: number) => Uint8Array;
}

function formOf({ about, text, gone, whole, variations, random }: FormParts): CanaryForm | undefined {
  const event = (changed: string, values: readonly string[]): CanaryEvent => ({
    ...about,
    text: changed,
    needles: values.flatMap((value) => needlesOf(changed, value, whole)),
  });
  const original = event(text, gone);
  const varied = Array.from({ length: variations }, () => {
    const values = gone.map((value) => vary(value, random));
    return event(
      gone.reduce((changed, value, i) => replaceValue(changed, value, values[i] ?? value), text),
      values,
    );
  }).filter((one) => one.needles.length > 0);
  return original.needles.length + varied.length === 0 ? undefined : { original, varied };
}

const auditId = '00000000-0000-4000-8000-000000000000';

/** Where such a value really stands: an example's event as it is; a text in a file, a message, an annotation and a command. */
function placesOf({ event, text }: PackExample): readonly string[] {
  if (text === undefined) return [JSON.stringify(event), ...withLastApplied(event)];
  const configMap = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'canary' }, data: { 'app.conf': text } };
  const head = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', auditID: auditId, stage: 'ResponseComplete', verb: 'update' };
  return [
    { ...head, requestObject: configMap },
    { ...head, responseStatus: { status: 'Failure', message: text, code: 422 } },
    { ...head, requestObject: { kind: 'Deployment', metadata: { annotations: { 'example.com/note': text } } } },
    { ...head, requestObject: { kind: 'Pod', spec: { containers: [{ name: 'c', command: ['sh', '-c', text] }] } } },
  ].map((place) => JSON.stringify(place));
}

/** The body once more as kubectl keeps it: JSON in an annotation. */
function withLastApplied(event: unknown): readonly string[] {
  if (typeof event !== 'object' || event === null) return [];
  const body = (event as Readonly<Record<string, unknown>>)['requestObject'];
  if (typeof body !== 'object' || body === null) return [];
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(body) };
  return [JSON.stringify({ ...event, requestObject: { kind: 'ConfigMap', metadata: { annotations } } })];
}
