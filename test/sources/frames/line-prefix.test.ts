import { expect } from 'chai';
import { isLegacy, prefixOf } from '../../../src/sources/frames/line-prefix.ts';

const found = (text: string) => {
  const bytes = Buffer.from(text);
  const prefix = prefixOf(bytes, 0, bytes.length);
  return prefix?.type === 'text'
    ? { body: text.slice(prefix.bodyStart), kept: prefix.kept, container: prefix.container }
    : prefix?.type;
};

describe('sources/frames/line-prefix', () => {
  it('reads lines of a container runtime, and keeps of the tags only what it knows', () => {
    const time = '2026-05-04T09:12:33.127649123+02:00';
    expect(found(`${time} stdout F {"a":1}`)).to.deep.equal({
      body: '{"a":1}',
      kept: `${time} stdout F `,
      container: { stream: 'stdout', partial: false },
    });
    expect(found(`${time} stderr P:secret half`)).to.deep.equal({
      body: 'half',
      kept: `${time} stderr P `,
      container: { stream: 'stderr', partial: true },
    });
    expect(found(`${time} stdout F `)).to.deep.include({ body: '' });
    expect(found(`${time} stdout F`)).to.deep.include({ body: '' });
  });

  it('reads a time before an object', () => {
    expect(found('2026-05-04T09:12:33.127Z {"a":1}')).to.deep.include({ body: '{"a":1}', kept: '2026-05-04T09:12:33.127Z ' });
    expect(found('2026-05-04T09:12:33.127Z text')).to.equal(undefined);
  });

  it('finds an event after any other text and keeps nothing of the text', () => {
    const event = '{"kind":"Event","a":1}';
    for (const text of ['master-0 ', 'May  4 09:12:33 host apiserver[7]: ', 'token=ghp_x {"a ', '2026-05-04T09:12:33Z stream-a '])
      expect(found(`${text}${event}`)).to.deep.equal({ body: event, kept: '', container: undefined });
    expect(found(`host {"a":1}`)).to.equal(undefined);
    expect(found(`${'x'.repeat(600)}${event}`)).to.equal(undefined);
  });

  it('leaves JSON alone', () => {
    for (const text of ['{"a":"2026-05-04T09:12:33Z stdout F {}"}', '[1]', '']) expect(found(text)).to.equal(undefined);
  });

  it('knows packed lines and the legacy format', () => {
    expect(found(`H4sI${'A'.repeat(40)}`)).to.equal('encoded');
    expect(found(`H4sI${'A'.repeat(40)}!`)).to.equal(undefined);
    const legacy = '2026-05-04T09:12:33.127649123Z AUDIT: id="a" stage="ResponseComplete" ip="192.0.2.1"';
    expect(isLegacy(Buffer.from(legacy), 0, legacy.length)).to.equal(true);
    const json = `{"a":"AUDIT: id=\\"a\\""}`;
    expect(isLegacy(Buffer.from(json), 0, json.length)).to.equal(false);
  });
});
