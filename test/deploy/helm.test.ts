import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { filesUnder, root } from '../support/source-files.ts';

const chart = 'deploy/helm/auditveil';
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const templates = filesUnder(`${chart}/templates`, '').map(read).join('\n');

/** The paths of all values: `image.tag`. A list, and a map that is handed on whole, is one value. */
function leaves(value: unknown, at: string): readonly string[] {
  const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  return inner.length === 0 ? [at] : inner.flatMap(([key, below]) => leaves(below, at === '' ? key : `${at}.${key}`));
}

describe('deploy/helm', () => {
  const values = leaves(parse(read(`${chart}/values.yaml`)), '');
  const used = new Set([...templates.matchAll(/\.Values\.([\w.]*\w)/g)].map(([, name]) => name ?? ''));

  it('uses every value in a template', () => {
    const isUsed = (leaf: string): boolean => {
      if (used.has(leaf)) return true;
      const up = leaf.lastIndexOf('.');
      if (up < 0) return false;
      // Inside `with .Values.part` a value is named without it.
      const section = new RegExp(`with \\.Values\\.${leaf.slice(0, up)} [^]*?[({\\s]\\.${leaf.slice(up + 1)}\\b`);
      return section.test(templates) || isUsed(leaf.slice(0, up));
    };
    const sections = new Set(['config', 'resources', 'file.nodeSelector', 'networkPolicy.scrapers']);
    for (const leaf of values) {
      const whole = [...sections].find((section) => leaf.startsWith(`${section}.`));
      expect(whole ? used.has(whole) : isUsed(leaf), leaf).to.equal(true);
    }
  });

  it('knows every value that a template names', () => {
    for (const name of used)
      expect(name.startsWith('config.') || values.some((leaf) => `${leaf}.`.startsWith(`${name}.`)), name).to.equal(true);
  });

  it('makes no role and mounts no token', () => {
    expect(templates).not.to.match(/kind: (?:Cluster)?Role/);
    expect(templates.match(/automountServiceAccountToken: (\w+)/g)).to.deep.equal([
      'automountServiceAccountToken: false',
      'automountServiceAccountToken: false',
    ]);
    expect(templates).not.to.contain('kind: Secret');
  });

  it('is of the version of the program', () => {
    const { appVersion } = parse(read(`${chart}/Chart.yaml`)) as { readonly appVersion: string };
    expect(appVersion).to.equal((JSON.parse(read('package.json')) as { readonly version: string }).version);
  });
});
