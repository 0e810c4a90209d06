import type { MaskRule, Pack, PseudonymForm } from './pack.ts';
import type { PolicyFile, PolicyPath } from './policy-file.ts';

const addressForms: Readonly<Record<PolicyFile['addresses'], PseudonymForm>> = {
  prefix: 'address',
  hmac: 'token',
  network: 'network',
};

/** A pack's rule as a policy file wants it; none where the kind is kept. */
export function changedRule(rule: MaskRule, file: PolicyFile | undefined): readonly MaskRule[] {
  const { type } = rule.operation;
  if (file === undefined || type === 'keep' || type === 'document') return [rule];
  const action = file.actions[rule.kind] ?? rule.action;
  if (action === 'keep') return [];
  const pseudonym = rule.pseudonym === 'address' ? addressForms[file.addresses] : rule.pseudonym;
  return [{ ...rule, action, pseudonym }];
}

/** The rules that a policy file makes for places of its own. */
export function pathPack(file: PolicyFile): Pack {
  const rules = file.paths.map((path, i) => pathRule(file, path, i));
  return {
    id: `policy-${file.id}`,
    summary: file.about ?? 'Places that the policy names.',
    file: file.file,
    names: {},
    rules,
    examples: [],
  };
}

const kindOfAction = { keep: 'kept', drop: 'dropped', truncate: 'truncated' } as const;

function pathRule(file: PolicyFile, path: PolicyPath, index: number): MaskRule {
  const { action } = path;
  const [scope, ...members] = path.path.startsWith('**.') ? ['**', path.path.slice(3)] : ['event', path.path.slice(6)];
  const base = {
    id: `policy-${file.id}/path-${index + 1}`,
    category: 'secret',
    about: path.why ?? `What the policy ${file.id} says of ${path.path}.`,
    pseudonym: 'token',
    enabled: true,
    line: file.locate(['paths', index]).line,
  } as const;
  if (action === 'keep') return { ...base, kind: kindOfAction.keep, action, operation: { type: 'release', in: scope, members } };
  const event = path.resources === undefined ? {} : { 'objectRef.resource': path.resources };
  const operation = { type: 'structure', in: scope, when: {}, event, mask: members } as const;
  const kind = action === 'redact' || action === 'pseudonymise' ? path.kind : kindOfAction[action];
  return { ...base, kind, action, operation, ...(action === 'truncate' ? { characters: path.characters } : {}) };
}
