import ts from 'typescript';
import type { SourceFile } from './source-files.ts';

/** Ways by which a text becomes markup, style or code. */
const markupNames =
  /^(innerHTML|outerHTML|insertAdjacentHTML|setHTML|setHTMLUnsafe|writeln|srcdoc|cssText|createContextualFragment|parseFromString|DOMParser|eval|Function|insertRule|javascript)$/;

/** Where a file of the page names one of them. */
export function markupUses(file: SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.getText(file.tree) === 'document.write') found.push('document.write');
    if (ts.isIdentifier(node) && markupNames.test(node.text)) found.push(node.text);
    if (ts.isStringLiteralLike(node) && (/^(style|srcdoc|on\w{3,})$/.test(node.text) || markupNames.test(node.text)))
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** Parts of the program that reach for nothing outside themselves; `try it` runs more of it, over shims of Node.js. */
const pureParts = ['core'];
const scannerParts = ['core', 'scan', 'masking', 'compile', 'crypto', 'pipeline/gzip.ts'];
const scannerPackages = /^(fflate|re2js|@noble\/hashes\/)/;

const isIn = (target: string, parts: readonly string[]): boolean => parts.some((part) => target.startsWith(`src/${part}`));

/** What a file of the page may have in itself of the program and of packages. */
export function isForBrowsers(file: string, target: string): boolean {
  if (target.startsWith('web/') || target === 'uplot' || isIn(target, pureParts)) return true;
  return file.startsWith('web/try-it/') && (isIn(target, scannerParts) || scannerPackages.test(target));
}
