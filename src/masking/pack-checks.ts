import { didYouMean } from '../core/closest-word.ts';
import { Fault } from '../core/faults.ts';
import type { MaskOperation, MaskRule, Pack } from './pack.ts';
import type { PackSource, YamlPath } from './pack-source.ts';
import { validators } from './validators.ts';

/** Member names joined with dots; a name with dots in double quotes. */
const pathShape = /^(?:"[^"]+"|[^".\s]+)(?:\.(?:"[^"]+"|[^".\s]+))*$/;
const scopeShape = /^(?:event|\*\*)(?:\.(?:"[^"]+"|[^".\s]+))*$/;

/** What a pack must say beyond its shape: expressions compile, classes and validators exist, every rule has examples. */
export function checkPack(pack: Pack, source: PackSource, compile: (expression: string) => void): Fault[] {
  const faults: Fault[] = [];
  const expressions = (path: YamlPath, fields: object): void => {
    for (const key of ['expression', 'unless', 'only']) {
      const expression = (fields as Readonly<Record<string, unknown>>)[key];
      if (typeof expression === 'string') faults.push(...tryCompile(expression, [...path, key], source, compile));
    }
  };
  for (const [name, nameClass] of Object.entries(pack.names)) expressions(['names', name], nameClass);
  const seen = new Set<string>();
  pack.rules.forEach((rule, i) => {
    const path = ['rules', i, rule.operation.type];
    if (seen.has(rule.id))
      faults.push(source.fault(['rules', i], 'E_PACK_DUPLICATE', `two rules are called ${rule.id}`, 'Rename one.'));
    seen.add(rule.id);
    expressions(path, rule.operation);
    faults.push(...checkConditions(rule.operation, path, source, compile));
    faults.push(...checkNames(rule.operation, path, pack, source), ...checkPaths(rule.operation, path, source));
    faults.push(...checkPattern(rule, path, source, compile), ...checkExamples(rule, i, pack, source));
  });
  pack.examples.forEach((example, i) => {
    if ((example.event === undefined) === (example.text === undefined)) {
      faults.push(
        source.fault(
          ['examples', i],
          'E_PACK_EXAMPLE',
          `example "${example.name}" has not exactly one of event and text`,
          'Give it one.',
        ),
      );
    }
    for (const id of example.rules.filter((name) => !seen.has(name))) {
      const message = `example "${example.name}" names the rule ${id}, which is not in this pack`;
      faults.push(source.fault(['examples', i, 'rule'], 'E_PACK_EXAMPLE', message, didYouMean(id, [...seen])));
    }
  });
  return faults;
}

function tryCompile(text: string, path: YamlPath, source: PackSource, compile: (expression: string) => void): Fault[] {
  try {
    compile(text);
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [source.fault(path, 'E_PACK_EXPRESSION', error.message, error.remedy ?? 'Correct the expression.')];
  }
}

function checkConditions(operation: MaskOperation, path: YamlPath, source: PackSource, compile: (text: string) => void): Fault[] {
  if (operation.type !== 'structure') return [];
  return (['when', 'event'] as const).flatMap((side) =>
    Object.entries(operation[side]).flatMap(([member, condition]) =>
      typeof condition === 'object' && 'matches' in condition
        ? tryCompile(condition.matches, [...path, side, member], source, compile)
        : [],
    ),
  );
}

/** Classes of names that an operation refers to must be in the same pack. */
function checkNames(operation: MaskOperation, path: YamlPath, pack: Pack, source: PackSource): Fault[] {
  const used: string[] = 'class' in operation ? [operation.class] : [];
  if (operation.type === 'structure') {
    for (const condition of [...Object.values(operation.when), ...Object.values(operation.event)]) {
      if (typeof condition === 'object' && 'names' in condition) used.push(condition.names);
    }
  }
  const known = Object.keys(pack.names);
  return used
    .filter((name) => !known.includes(name))
    .map((name) => source.fault(path, 'E_PACK_CLASS', `there is no class of names "${name}"`, didYouMean(name, known)));
}

function checkPaths(operation: MaskOperation, path: YamlPath, source: PackSource): Fault[] {
  const bad = (key: string, text: string): Fault =>
    source.fault(
      [...path, key],
      'E_PACK_PATH',
      `"${text}" is not a path`,
      'Join member names with dots; begin `in` with event or **.',
    );
  const faults: Fault[] = [];
  const scopes = 'in' in operation ? (typeof operation.in === 'string' ? [operation.in] : operation.in) : [];
  for (const scope of scopes) if (!scopeShape.test(scope)) faults.push(bad('in', scope));
  if (operation.type !== 'structure') return faults;
  for (const text of operation.mask) if (!pathShape.test(text)) faults.push(bad('mask', text));
  for (const text of operation.except ?? []) if (!pathShape.test(text)) faults.push(bad('except', text));
  for (const side of ['when', 'event'] as const) {
    for (const text of Object.keys(operation[side])) if (!pathShape.test(text)) faults.push(bad(side, text));
  }
  return faults;
}

function checkPattern(rule: MaskRule, path: YamlPath, source: PackSource, compile: (expression: string) => void): Fault[] {
  const operation = rule.operation;
  if (operation.type !== 'pattern') return [];
  const known = Object.keys(validators);
  const faults = operation.validate
    .filter((name) => !known.includes(name))
    .map((name) =>
      source.fault([...path, 'validate'], 'E_PACK_VALIDATOR', `there is no validator "${name}"`, didYouMean(name, known)),
    );
  if (operation.trigger !== undefined) faults.push(...tryCompile(operation.trigger, [...path, 'trigger'], source, compile));
  return faults;
}

/** A rule nobody has shown at work, and at rest, does not load. */
function checkExamples(rule: MaskRule, index: number, pack: Pack, source: PackSource): Fault[] {
  const own = pack.examples.filter((example) => example.rules.includes(rule.id));
  const missing: string[] = [];
  const kept = rule.action === 'keep';
  if (!own.some((example) => (kept ? example.unchanged || example.stays.length > 0 : example.gone.length > 0)))
    missing.push('matches');
  if (!own.some((example) => (kept ? example.gone.length > 0 : example.unchanged || example.gone.length === 0)))
    missing.push('does not match');
  return missing.map((what) =>
    source.fault(
      ['rules', index],
      'E_PACK_EXAMPLE',
      `rule ${rule.id} has no example that it ${what}`,
      'Add one under `examples:` with `rule:` naming it.',
    ),
  );
}
