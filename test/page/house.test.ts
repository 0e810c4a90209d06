import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { isForBrowsers, markupUses } from '../support/page-rules.ts';
import { filesUnder, readSource, root } from '../support/source-files.ts';

const pages = filesUnder('web', '.ts').map(readSource);

describe('house of the page', () => {
  it('has sources to look at', () => {
    expect(pages.length).to.be.greaterThan(30);
  });

  it('lets the page read nothing as markup, style or code that may come from data', () => {
    const found = pages.flatMap((file) => markupUses(file).map((use) => `${file.name}: ${use}`));
    expect(found).to.deep.equal([]);
    const html = readFileSync(path.join(root, 'web/index.html'), 'utf8');
    expect(html, 'the policy of the page forbids what stands inline').not.to.match(
      /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?:/,
    );
  });

  it('has the same dark colours where the system asks for them and where the reader does', () => {
    for (const name of ['base.css', 'overview.css']) {
      const css = readFileSync(path.join(root, 'web/styles', name), 'utf8');
      const [bySystem, byReader] = [':root:not([data-theme="light"])', ':root[data-theme="dark"]'].map((selector) => {
        const from = css.indexOf(`${selector} {`) + selector.length;
        return css.slice(from, css.indexOf('}', from)).match(/--[a-z0-9-]+: [^;]+/g);
      });
      expect(bySystem, name).to.have.length.greaterThan(5);
      expect(bySystem, name).to.deep.equal(byReader);
    }
  });

  it('lets the page import only itself, its packages, and what is pure or types alone', () => {
    const wrong = pages.flatMap((file) =>
      file.imports
        .filter(({ target, typeOnly }) => !typeOnly && !isForBrowsers(file.name, target))
        .map(({ target }) => `${file.name} imports ${target}`),
    );
    expect(wrong).to.deep.equal([]);
  });
});
