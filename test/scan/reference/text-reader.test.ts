import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parse } from 'yaml';
import { limits } from '../../../src/core/limits.ts';
import { lineMasker, shippedPacks } from '../../masking/support/mask-lines.ts';

describe('scan/reference/text-reader', () => {
  const mask = lineMasker(shippedPacks());
  const masked = (text: string): string => {
    const event = { kind: 'Event', requestObject: { kind: 'ConfigMap', data: { file: text } } };
    return (JSON.parse(mask(JSON.stringify(event))!) as typeof event).requestObject.data.file;
  };

  it('masks in YAML by its structure, and the result is YAML with the same other values', () => {
    const out = parse(
      masked('db: {password: q1, port: 5432}\nlist:\n- name: API_KEY\n  value: q2\npin:\n  password: 123456\n'),
    ) as unknown;
    expect(out).to.deep.equal({
      db: { password: '[MASKED:credential]', port: 5432 },
      list: [{ name: 'API_KEY', value: '[MASKED:env-secret]' }],
      pin: { password: 0 },
    });
  });

  it('writes encoded text again so that it still decodes', () => {
    const text = '{"senha":"q1","port":1}';
    const expected = '{"senha":"[MASKED:credential]","port":1}';
    expect(Buffer.from(masked(Buffer.from(text).toString('base64')), 'base64').toString()).to.equal(expected);
    expect(Buffer.from(masked(Buffer.from(text).toString('hex')), 'hex').toString()).to.equal(expected);
    expect(gunzipSync(Buffer.from(masked(gzipSync(text).toString('base64')), 'base64')).toString()).to.equal(expected);
    expect(decodeURIComponent(masked(encodeURIComponent(text)))).to.equal(expected);
    expect(decodeURIComponent(decodeURIComponent(masked(encodeURIComponent(encodeURIComponent(text)))))).to.equal(expected);
    expect(JSON.parse(masked(JSON.stringify(text)))).to.equal(expected);
    expect(masked(JSON.stringify(text).slice(1, -1))).to.equal(JSON.stringify(expected).slice(1, -1));
  });

  it('finds a token in a YAML comment and leaves the comment one', () => {
    expect(masked('a: b # password=q1q1q1q1\nc: d\n')).to.equal('a: b # password=[MASKED:password]\nc: d\n');
  });

  it('masks data of a Secret that is cut off before it says what it is', () => {
    expect(masked('{"apiVersion":"v1","data":{"user":"cTFxMXEx')).not.to.include('cTFxMXEx');
  });

  it('masks whole what unpacks to too much', () => {
    const out = masked(gzipSync(Buffer.alloc(limits.decodedBytes + 1, 'password=q1 ')).toString('base64'));
    expect(gunzipSync(Buffer.from(out, 'base64')).toString()).to.equal('[MASKED:document]');
  });

  it('masks whole what is encoded too often, or holds the event back', () => {
    let text = 'password=q1q1q1q1';
    for (let i = 0; i <= limits.decodedLevels + 1; i++) text = Buffer.from(text).toString('base64');
    expect(masked(text)).not.to.equal(text);
  });

  it('masks tokens in names of members', () => {
    const event = { kind: 'Event', requestObject: { spec: { 'https://me:q1q1q1@x.example.com': 'on' } } };
    const out = mask(JSON.stringify(event));
    expect(out).to.not.include('q1q1q1');
    expect(out).to.include('"on"');
  });

  it('leaves encoded text, files and names without secrets as they are', () => {
    for (const text of [
      Buffer.from('{"port":1,"name":"app"}').toString('base64'),
      gzipSync('nothing to see').toString('base64'),
      'server:\n  port: 80 # ok\n  name: "app"\n',
      'a=b\nc=d\n',
      '<a><b>c</b></a>',
      'progress 50%20 done',
    ]) {
      expect(masked(text)).to.equal(text);
    }
  });
});
