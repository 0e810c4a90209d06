import { expect } from 'chai';
import { z } from 'zod';
import { httpOptions, urlOption } from '../../../src/config/sinks/http-options.ts';

const schema = z.strictObject({ url: urlOption, ...httpOptions });
const url = 'https://example.com/x';
const takes = (options: object): boolean => schema.safeParse({ url, ...options }).success;

describe('config/sinks/http-options', () => {
  it('takes one way to say who it is, whole', () => {
    for (const auth of [
      { token: 't' },
      { tokenFile: '/t' },
      { user: 'u', password: 'p' },
      { user: 'u', passwordFile: '/p' },
      { header: 'X-Key', value: 'v' },
      { header: 'X-Key', valueFile: '/v' },
    ])
      expect(takes({ auth }), JSON.stringify(auth)).to.equal(true);
    for (const auth of [
      {},
      { user: 'u' },
      { password: 'p' },
      { header: 'X-Key' },
      { value: 'v' },
      { token: 't', tokenFile: '/t' },
      { token: 't', user: 'u' },
      { token: 't', user: 'u', password: 'p' },
      { header: 'X Key', value: 'v' },
    ])
      expect(takes({ auth }), JSON.stringify(auth)).to.equal(false);
  });

  it('takes addresses of http and https without users', () => {
    for (const good of [url, 'http://127.0.0.1:9093', 'https://[2001:db8::1]:9200/a'])
      expect(takes({ url: good }), good).to.equal(true);
    for (const bad of [
      'example.com',
      'ftp://example.com',
      'https://',
      'https://u:p@example.com',
      'https:///x',
      'mailto:a@example.com',
    ])
      expect(takes({ url: bad }), bad).to.equal(false);
  });
});
