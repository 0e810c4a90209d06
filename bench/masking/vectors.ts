import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { plainEvent } from './places.ts';
import type { Sample, Source } from './samples.ts';

/** A line of a vector file: a text of another tool's public tests, and what of it is secret. */
interface Vector {
  readonly kind: string;
  readonly text: string;
  readonly secrets: readonly string[];
  readonly positive: boolean;
  readonly tier?: string;
  readonly neg_scope?: string;
}

/** The vector files of a folder, one source each; none where the folder is not there. */
export function vectorSources(folder: string): readonly Source[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return files.sort().map((name) => {
    const lines = readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n');
    const samples = lines.flatMap((line) => sampleOf(JSON.parse(line) as Vector));
    return { source: name.replace(/\.jsonl$/, ''), about: 'texts of public tests, each the value of a ConfigMap key', samples };
  });
}

/** Near misses and texts that are secret elsewhere prove nothing either way and are left out. */
function sampleOf({ kind, text, secrets, positive, tier, neg_scope: scope }: Vector): readonly Sample[] {
  const isEvent = text.startsWith('{"kind":"Event"');
  if (!positive && (scope !== 'strict' || isEvent)) return [];
  const key = tier === undefined || tier === 'must' ? 'app.conf' : kind;
  const event = plainEvent({
    requestObject: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'app' }, data: { [key]: text } },
  });
  const line = isEvent ? text.replaceAll('\n', '') : JSON.stringify(event);
  const place = tier === 'pii' || tier === 'policy' ? 'personal' : 'must';
  return [{ kind, place: positive ? place : 'harmless', line, secrets: positive ? secrets : [] }];
}
