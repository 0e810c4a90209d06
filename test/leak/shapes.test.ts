import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { lineMasker, shippedPacks } from '../masking/support/mask-lines.ts';
import { reveals } from '../support/reveals.ts';
import { applied, commandPlaces, filePlaces } from './shape-places.ts';

/**
 * Secrets as they stand in the files, command lines and objects of real clusters, by `test/leak/shapes/*.yml`. Each is put into
 * every place that can hold it. What stays is asked for where the text stands as it is.
 */
interface Shape {
  readonly gone: readonly string[];
  readonly stays: readonly string[];
  readonly places: Readonly<Record<string, unknown>>;
}
type Texts = string | readonly string[] | undefined;
type CommandLine = readonly [line: string, gone: Texts, stays: Texts];
interface Written {
  readonly text?: string;
  readonly body?: unknown;
  readonly gone?: Texts;
  readonly stays?: Texts;
}

const read = (file: string): unknown => parse(readFileSync(`test/leak/shapes/${file}.yml`, 'utf8'));
const list = (texts: Texts): readonly string[] =>
  (texts === undefined ? [] : typeof texts === 'string' ? [texts] : texts).map(String);
/** Texts that are masked along with a secret, by shape: docs/masking.md says so. */
const lostToo: Readonly<Record<string, readonly string[]>> = { 'command-lines': ['132 dc01', '162 vcenter'] };

const lines = (file: string): readonly Shape[] =>
  (read(file) as readonly CommandLine[]).map(([line, gone, stays]) => ({
    gone: list(gone),
    stays: list(stays),
    places: commandPlaces(line),
  }));
const texts = (file: string): readonly Shape[] =>
  (read(file) as readonly Written[]).map(({ text, gone, stays }) => ({
    gone: list(gone),
    stays: list(stays),
    places: filePlaces(text as string),
  }));
const bodies = (file: string): readonly Shape[] =>
  (read(file) as readonly Written[]).map(({ body, gone, stays }) => ({
    gone: list(gone),
    stays: list(stays),
    places: { request: { requestObject: body }, applied: applied(body) },
  }));

const shapes: Readonly<Record<string, (file: string) => readonly Shape[]>> = {
  'command-lines': lines,
  tools: lines,
  files: texts,
  connections: texts,
  personal: texts,
  formats: texts,
  bodies,
  operators: bodies,
};

describe('leak/shapes', function () {
  this.timeout(120_000);
  const mask = lineMasker(shippedPacks());

  for (const [name, make] of Object.entries(shapes)) {
    it(`finds no secret of shapes/${name}.yml in any place, and masks nothing twice`, () => {
      const wrong: string[] = [];
      const lost: string[] = [];
      for (const [number, { gone, stays, places }] of make(name).entries()) {
        for (const [place, more] of Object.entries(places)) {
          const masked = mask(JSON.stringify({ kind: 'Event', auditID: 'a', verb: 'create', ...(more as object) })) ?? '';
          if (masked === '') wrong.push(`${number} is a stub: ${place}`);
          for (const secret of gone) if (reveals(masked, secret)) wrong.push(`${number} keeps ${secret}: ${place}`);
          if (place === 'file' || place === 'request')
            for (const text of stays)
              if (!masked.includes(text) && !masked.includes(JSON.stringify(text).slice(1, -1))) lost.push(`${number} ${text}`);
          const again = mask(masked) ?? '';
          if (redactions(again) !== redactions(masked)) wrong.push(`${number} changes again: ${place}`);
        }
      }
      expect(wrong).to.deep.equal([]);
      expect(lost).to.deep.equal(lostToo[name] ?? []);
    });
  }

  it('changes nothing in shapes/near-misses.yml', () => {
    const wrong: string[] = [];
    for (const [number, { text, body }] of (read('near-misses') as readonly Written[]).entries()) {
      const places = text === undefined ? { request: { requestObject: body }, applied: applied(body) } : filePlaces(text);
      for (const [place, more] of Object.entries(places)) {
        const line = JSON.stringify({ kind: 'Event', auditID: 'a', verb: 'create', ...(more as object) });
        if (mask(line) !== line) wrong.push(`${number}: ${place}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });
});

/** The masks in a text, which hold no addresses; those change with every masking. */
const redactions = (text: string): string => (text.match(/\[MASKED:[^\]]*\]/g) ?? []).join();
