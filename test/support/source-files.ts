import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The project: this file runs from <root>/<build folder>/test/support. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** Files under a folder of the project whose name ends so, as paths from the project. */
export function filesUnder(folder: string, ending: string): readonly string[] {
  const absolute = path.join(root, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(absolute, path.join(entry.parentPath, entry.name)))
    .filter((file) => file.endsWith(ending) && !file.startsWith('simd/assembly') && !file.includes('/simd/assembly/'))
    .map((file) => path.posix.join(folder, file))
    .sort();
}

/** A TypeScript file, parsed. */
export interface SourceFile {
  readonly name: string;
  readonly tree: ts.SourceFile;
  readonly lines: number;
  /** Specifiers as written, with the imported file relative to the project for relative ones. */
  readonly imports: readonly { readonly specifier: string; readonly target: string; readonly typeOnly: boolean }[];
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  const named = clause.namedBindings;
  return (
    clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (!clause.name && named !== undefined && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly))
  );
}

export function readSource(name: string): SourceFile {
  const text = readFileSync(path.join(root, name), 'utf8');
  const tree = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
  const imports: { specifier: string; target: string; typeOnly: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    const dynamic =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
    const declared = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
    const specifier = declared ?? dynamic;
    if (specifier && ts.isStringLiteralLike(specifier)) {
      const relative = specifier.text.startsWith('.');
      const target = relative ? path.posix.join(path.posix.dirname(name), specifier.text) : specifier.text;
      imports.push({
        specifier: specifier.text,
        target,
        typeOnly: declared !== undefined && isTypeOnly(node as ts.ImportDeclaration),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { name, tree, lines: text.split('\n').length - 1, imports };
}

/** A file of types alone has nothing to run. */
export function isTypesOnly(file: SourceFile): boolean {
  return file.tree.statements.every(
    (statement) =>
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isImportDeclaration(statement) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly),
  );
}

/** Places of functions longer than `limit` lines. The body of a suite or a test counts as its parts do. */
export function functionsOver(file: SourceFile, limit: number): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const first = file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line;
      const last = file.tree.getLineAndCharacterOfPosition(node.getEnd()).line;
      const inTest = file.name.endsWith('.test.ts') && ts.isCallExpression(node.parent);
      if (last - first + 1 > limit && !inTest) found.push(`${file.name}:${first + 1} (${last - first + 1} lines)`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}
