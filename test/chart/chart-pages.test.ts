import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { valuesFile, valuesTable, withTable } from '../../src/chart/chart-pages.ts';
import { chartSchema } from '../../src/chart/chart-schema.ts';

describe('chart/chart-pages', () => {
  const schema = {
    properties: {
      mode: { type: 'string', enum: ['a', 'b'], default: 'a', description: 'One | the other.' },
      inner: {
        type: 'object',
        description: 'Things.',
        properties: { list: { type: 'array', default: [{ x: 1 }], description: 'L.' } },
      },
      global: { default: {}, description: 'Not shown.' },
    },
  };

  it('writes each value with its default and its meaning', () => {
    const text = valuesFile(schema);
    expect(parse(text)).to.deep.equal({ mode: 'a', inner: { list: [{ x: 1 }] } });
    expect(text).to.contain('# One | the other.\nmode: a\n# Things.\ninner:\n  # L.\n  list:\n    - x: 1\n');
  });

  it('makes a row for each value', () => {
    const table = valuesTable(schema);
    expect(table).to.contain('| `mode` | `a`, `b` | `"a"` | One \\| the other. |');
    expect(table).to.contain('| `inner.list` | list | `[{"x":1}]` | L. |');
  });

  it('keeps what is written by hand around the table', () => {
    const page = 'before\n<!-- values: made by npm run docs -->\nold\n<!-- end of values -->\nafter\n';
    expect(withTable(page, 'new\n')).to.equal(page.replace('old', 'new'));
    expect(() => withTable('no marks', 'new\n')).to.throw('has no <!-- values');
  });

  it('made the files that are in the chart', () => {
    const read = (name: string): string => readFileSync(`deploy/helm/auditveil/${name}`, 'utf8');
    expect(read('values.yaml'), 'run `npm run docs`').to.equal(valuesFile(chartSchema()));
    expect(read('README.md'), 'run `npm run docs`').to.equal(withTable(read('README.md'), valuesTable(chartSchema())));
    expect(read('files/alerts.yaml')).to.equal(readFileSync('deploy/prometheus/alerts.yaml', 'utf8'));
    expect(read('files/auditveil.json')).to.equal(readFileSync('deploy/grafana/auditveil.json', 'utf8'));
  });
});
