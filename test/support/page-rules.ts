import ts from 'typescript';
import type { SourceFile } from './source-files.ts';

/** Ways by which a text becomes markup, style or code. */
const markupNames =
  /^(innerHTML|outerHTML|insertAdjacentHTML|setHTML|setHTMLUnsafe|write|writeln|srcdoc|cssText|createContextualFragment|parseFromString|DOMParser|eval|Function|insertRule|javascript)$/;

/** Where a file of the page names one of them. */
export function markupUses(file: SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && markupNames.test(node.text)) found.push(node.text);
    if (ts.isStringLiteralLike(node) && (/^(style|srcdoc|on\w{3,})$/.test(node.text) || markupNames.test(node.text)))
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** Parts of the program that reach for nothing outside themselves. */
const pureParts = ['core'];

/** What the page may have in itself of the program: pure parts. */
export const isForBrowsers = (target: string): boolean =>
  target.startsWith('web/') || target === 'uplot' || pureParts.some((part) => target.startsWith(`src/${part}/`));
