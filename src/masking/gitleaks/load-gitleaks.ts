import { Fault, Faults } from '../../core/faults.ts';
import { firstGroup, splitAtGroup } from '../../scan/group-split.ts';
import type { PlanAllowance, PlanCompanion, PlanMatchCheck } from '../../scan/plan.ts';
import type { MaskRule, Pack } from '../pack.ts';
import { captureGroups, isLiteral } from './capture-groups.ts';
import type { GitleaksAllowlist, GitleaksFile, GitleaksRule, Notice } from './gitleaks-file.ts';
import { joinGitleaks } from './join-gitleaks.ts';

/** A gitleaks configuration as a pack of mask rules. */
export interface GitleaksPack {
  readonly pack: Pack;
  /** What the file says that has no effect here, or another one. */
  readonly notices: readonly Notice[];
}

/** A rule that has an expression: others look at names of files only. */
type TextRule = GitleaksRule & { readonly regex: string };

/**
 * Makes a pack of a gitleaks configuration (https://github.com/gitleaks/gitleaks, version 8). Rules look at one decoded
 * string value at a time, which takes the place of a file; there is no path and no commit.
 * @param id of the pack, kebab-case
 * @param chain the file and what it extends, nearest first
 * @throws Faults E_GITLEAKS_RULE, each with file, line and column, for what cannot be honoured
 */
export function loadGitleaks(id: string, chain: readonly GitleaksFile[]): GitleaksPack {
  const joined = joinGitleaks(chain);
  const faults = [...joined.faults, ...joined.rules.flatMap(groupFault)];
  if (faults.length > 0) throw new Faults(faults);
  const notices = [
    ...joined.notices,
    ...defaultNotice(chain),
    ...joined.allowlists.flatMap((one) => allowlistNotice(one, 'every rule')),
  ];
  const texts = new Map<string, TextRule>();
  for (const rule of joined.rules) {
    notices.push(...ruleNotices(rule));
    if (rule.regex !== undefined) texts.set(rule.id, { ...rule, regex: rule.regex });
  }
  const rules = [...texts.values()].filter((rule) => !rule.skipReport).map((rule) => toRule(id, rule, texts, joined.allowlists));
  const file = chain[0]?.file ?? id;
  const pack = { id, summary: chain[0]?.title || `Rules of ${file}.`, file, names: {}, rules, examples: [] };
  return { pack, notices: [...notices].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line) };
}

function groupFault({ id, regex, secretGroup, file, place }: GitleaksRule): readonly Fault[] {
  if (regex === undefined || id === '') return [];
  const count = captureGroups(regex).length;
  if (secretGroup <= count && Number.isInteger(secretGroup)) return [];
  const message = `rule ${id}: secretGroup is ${secretGroup}, and its regex has ${count} groups`;
  return [new Fault(message, { code: 'E_GITLEAKS_RULE', remedy: 'Name a group of the regex.', location: { file, ...place } })];
}

function ruleNotices(rule: GitleaksRule): readonly Notice[] {
  const { id, file, path, regex, place } = rule;
  const notices = rule.allowlists.flatMap((one) => allowlistNotice(one, `rule ${id}`));
  if (path === undefined) return notices;
  const message =
    regex === undefined
      ? `rule ${id} looks only at names of files: events have none, so it has no effect`
      : `rule ${id} is for some files only: events have none, so it looks at every text`;
  return [...notices, { file, ...place, message }];
}

function allowlistNotice(
  { all, paths, commits, regexes, stopwords, file, place }: GitleaksAllowlist,
  owner: string,
): readonly Notice[] {
  if (paths + commits === 0) return [];
  const rest = regexes.length + stopwords.length > 0 && !all;
  const effect = rest ? 'the rest of it applies' : 'it has no effect';
  return [{ file, ...place, message: `an allowlist of ${owner} names paths or commits: events have none, so ${effect}` }];
}

function defaultNotice(chain: readonly GitleaksFile[]): readonly Notice[] {
  const file = chain.at(-1);
  if (file === undefined || !file.extend.useDefault) return [];
  const message =
    'extend.useDefault: the shipped packs stand in for the default rules. To have those of gitleaks, give its gitleaks.toml as a pack too.';
  return [{ file: file.file, ...file.extend.place, message }];
}

function toRule(
  pack: string,
  rule: TextRule,
  rules: ReadonlyMap<string, TextRule>,
  global: readonly GitleaksAllowlist[],
): MaskRule {
  return {
    id: `${pack}/${rule.id}`,
    kind: kindOf(rule.id),
    category: 'secret',
    about: rule.description || `The rule ${rule.id} of ${rule.file}.`,
    action: 'redact',
    pseudonym: 'token',
    enabled: true,
    line: rule.place.line,
    operation: {
      type: 'pattern',
      expression: rule.regex,
      group: groupOf(rule),
      validate: [],
      check: { ...checkOf(rule, global), companions: companionsOf(rule, rules, global) },
    },
  };
}

/** Kebab-case of at most 63 characters, as kinds are: `AWS_Key` becomes `aws-key`. */
function kindOf(id: string): string {
  const plain = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return (/^[a-z]/.test(plain) ? plain : `rule-${plain}`).slice(0, 63).replace(/-$/, '');
}

/**
 * The group that is masked. Without `secretGroup`, gitleaks reports the first group that holds text, even where it
 * only groups (`([a-z0-9]{4}-){3}`) or is a fixed text: the rest would stay, so the whole match is masked there.
 */
function groupOf({ regex, secretGroup }: TextRule): number {
  if (secretGroup > 0) return secretGroup;
  const groups = captureGroups(regex).filter((group) => !group.nested);
  if (groups.length === 0 || groups.some((group) => group.repeated || isLiteral(group))) return 0;
  return groups.length === 1 && splitAtGroup(regex, 1) !== undefined ? 1 : firstGroup;
}

function checkOf(rule: TextRule, global: readonly GitleaksAllowlist[]): PlanMatchCheck {
  return {
    keywords: rule.keywords,
    entropyBits: rule.entropy > 0 ? rule.entropy : undefined,
    allow: [...rule.allowlists, ...global].flatMap(allowanceOf),
    companions: [],
  };
}

/** Paths and commits never hold: alone, or together with others that must all hold, they allow nothing. */
function allowanceOf({ all, paths, commits, target, regexes, stopwords }: GitleaksAllowlist): readonly PlanAllowance[] {
  if (regexes.length + stopwords.length === 0 || (all && paths + commits > 0)) return [];
  return [{ target, expressions: regexes, stopwords, all }];
}

function companionsOf(
  rule: TextRule,
  rules: ReadonlyMap<string, TextRule>,
  global: readonly GitleaksAllowlist[],
): readonly PlanCompanion[] {
  return rule.required.flatMap(({ id, withinLines, withinColumns }) => {
    const other = rules.get(id);
    if (!other) return [];
    return [{ expression: other.regex, group: groupOf(other), check: checkOf(other, global), withinLines, withinColumns }];
  });
}
