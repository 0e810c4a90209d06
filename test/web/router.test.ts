import { expect } from 'chai';
import type { Fault } from '../../src/core/faults.ts';
import { type Route, Router } from '../../src/web/router.ts';

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  role: 'auditor',
  handle: () => ({ body: path }),
});
const router = new Router([
  route('GET', '/events/:digest'),
  route('GET', '/events/series'),
  route('POST', '/findings/:id/reviews'),
]);

describe('web/router', () => {
  it('puts words before names, and decodes names', () => {
    expect(router.find('GET', '/events/series').route.path).to.equal('/events/series');
    expect(router.find('GET', '/events/a%2Fb').params).to.deep.equal({ digest: 'a/b' });
  });

  it('tells a call that does not exist from one that is made otherwise', () => {
    const codeOf = (method: string, path: string): string | undefined => {
      try {
        router.find(method, path);
        return undefined;
      } catch (error) {
        return (error as Fault).code;
      }
    };
    expect(codeOf('GET', '/nothing')).to.equal('E_WEB_NO_ROUTE');
    expect(codeOf('GET', '/events/')).to.equal('E_WEB_NO_ROUTE');
    expect(codeOf('GET', '/events/%ff')).to.equal('E_WEB_NO_ROUTE');
    expect(codeOf('GET', '/findings/f1/reviews')).to.equal('E_WEB_METHOD');
  });
});
