import { expect } from 'chai';
import fc from 'fast-check';
import { formatPath, placesOf } from '../../src/masking/value-path.ts';

const plain =
  (bytes: Uint8Array) =>
  (start: number, end: number): string =>
    JSON.parse(`"${Buffer.from(bytes.subarray(start, end)).toString()}"`) as string;

/** Every scalar of a value with its path. */
function scalarsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly { path: readonly (string | number)[]; text: string }[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => scalarsOf(one, [...path, i]));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, one]) => scalarsOf(one, [...path, name]));
  return [{ path, text: JSON.stringify(value) }];
}

describe('masking/value-path', () => {
  it('finds the path of every scalar of any JSON, from any byte of it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat({ max: 3 }), (text, indent) => {
        const pretty = JSON.stringify(JSON.parse(text), undefined, indent);
        const bytes = Buffer.from(pretty);
        const all = scalarsOf(JSON.parse(pretty));
        // A first pass from the start finds the first scalar; each further one begins behind the one before it.
        let from = 0;
        for (const { path, text: wanted } of all) {
          const probe = [from];
          let [place] = placesOf(bytes, 0, bytes.length, probe, plain(bytes));
          while (place?.isName) {
            from = place.end + 2;
            [place] = placesOf(bytes, 0, bytes.length, [from], plain(bytes));
          }
          expect(place?.path).to.deep.equal(path);
          const isString = wanted.startsWith('"');
          expect(bytes.subarray(place?.start, place?.end).toString()).to.equal(isString ? wanted.slice(1, -1) : wanted);
          from = (place?.end ?? 0) + (isString ? 2 : 1);
        }
      }),
    );
  });

  it('tells names from values, and shows names as it is told to', () => {
    const bytes = Buffer.from('{"a":{"secret-name":[1,{"b":"x"}]}}');
    const offsets = ['secret', '1', 'x'].map((text) => bytes.indexOf(text));
    const places = placesOf(bytes, 0, bytes.length, offsets, (start, end) =>
      end - start > 5 ? '[MASKED:name]' : plain(bytes)(start, end),
    );
    expect(places.map(({ path, isName }) => [formatPath(path), isName])).to.deep.equal([
      ['a["[MASKED:name]"]', true],
      ['a["[MASKED:name]"][0]', false],
      ['a["[MASKED:name]"][1].b', false],
    ]);
  });

  it('writes names that are no words in quotes', () => {
    expect(formatPath(['data', 'app.yaml', 0, 'x-y', '9', ''])).to.equal('data["app.yaml"][0].x-y["9"][""]');
    expect(formatPath([])).to.equal('');
  });
});
