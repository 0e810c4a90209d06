import type { ContextDictionary, Dictionary, PlanDictionary } from '../core/record.ts';
import { recordLayout, recordTypes } from '../core/record.ts';
import type { DictionaryLookup } from './record-decoder.ts';
import type { RecordRun } from './segment-scan.ts';

/** Dictionaries kept at once; the oldest leaves. One context a source and client, one plan a policy: few are in use. */
const cachedDictionaries = 4096;

const utf8 = new TextDecoder();

/** As they stand in the log, by what they say. */
const written = new WeakMap<ContextDictionary | PlanDictionary, Dictionary>();

/** The dictionary as it stands in the log, with its id; undefined for one that did not come out of a log. */
export function writtenDictionary(dictionary: ContextDictionary | PlanDictionary): Dictionary | undefined {
  return written.get(dictionary);
}

/** Dictionaries by the names records use for them. They are named by their content, so one cache serves all segments. */
export class DictionaryCache implements DictionaryLookup {
  readonly #contexts = new Map<string, ContextDictionary>();
  readonly #plans = new Map<string, PlanDictionary>();

  context(key: string): ContextDictionary | undefined {
    return this.#contexts.get(key);
  }

  plan(id: string): PlanDictionary | undefined {
    return this.#plans.get(id);
  }

  /** Takes in the dictionaries among valid records. */
  addRun(run: RecordRun): void {
    for (const at of run.starts) {
      if (run.view.getUint8(at + recordLayout.type) === recordTypes.dictionary) this.#add(run, at);
    }
  }

  #add(run: RecordRun, at: number): void {
    const { bytes, view } = run;
    const id = Buffer.from(bytes.buffer, bytes.byteOffset + at + recordLayout.digest, 16).toString('hex');
    if (this.#contexts.has(id.slice(0, 16)) || this.#plans.has(id)) return;
    const from = at + view.getUint32(at + recordLayout.headerBytes, true);
    const payload = bytes.slice(from, at + view.getUint32(at + recordLayout.size, true));
    const value = parseDictionary(payload);
    if (value) written.set(value, { id, payload });
    if (value?.type === 'context') keep(this.#contexts, id.slice(0, 16), value);
    else if (value?.type === 'plan') keep(this.#plans, id, value);
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > cachedDictionaries && oldest !== undefined) map.delete(oldest);
}

/** Undefined where the payload is not of a type this version knows: records then show numbers instead of names. */
function parseDictionary(payload: Uint8Array): ContextDictionary | PlanDictionary | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(payload));
    if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
    return value.type === 'context' || value.type === 'plan' ? (value as ContextDictionary | PlanDictionary) : undefined;
  } catch {
    return undefined;
  }
}
