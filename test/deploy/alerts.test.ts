import { expect } from 'chai';
import { builtinRules } from '../../src/findings/builtin.ts';
import { alertRules } from '../support/alert-rules.ts';
import { unknownIn } from '../support/metric-uses.ts';

describe('deploy/alerts', () => {
  const rules = alertRules();

  it('asks for metrics and labels that exist', () => {
    const wrong = rules.flatMap(({ alert, expr, annotations }) =>
      unknownIn(expr, Object.values(annotations)).map((what) => `${alert}: ${what}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('names findings that exist', () => {
    const ids = Object.values(builtinRules).map(({ id }) => id);
    const named = rules.flatMap(({ expr }) => [...expr.matchAll(/rule="([^"]*)"/g)].map(([, id]) => id));
    expect(named).to.have.length.greaterThan(0);
    expect(ids).to.include.members(named);
  });

  it('says how grave each is, what happened and what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).to.equal(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(alert).to.match(/^Auditveil[A-Z]/);
      expect(labels['severity'], alert).to.be.oneOf(['critical', 'warning']);
      expect(annotations, alert).to.have.all.keys('summary', 'description');
    }
  });
});
