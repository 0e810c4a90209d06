import type { FieldSpec } from '../core/extracts.ts';
import { Fault } from '../core/faults.ts';
import type { RuleInfo } from '../core/finding.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { readExceptions } from '../detection/exceptions.ts';
import { kubernetesResources, kubernetesVerbs } from '../detection/kubernetes-resources.ts';
import { mayMatch } from '../detection/may-match.ts';
import type { LoadedCorrelation, LoadedRule, RuleSet } from '../detection/rule-set.ts';
import { textAt } from '../findings/request-view.ts';
import { type Candidate, type ExceptionWords, exceptionText, suggestExceptions } from '../findings/suggest-exception.ts';
import { shippedMapping } from '../pipeline/load-files.ts';
import type { OpenedEngine } from '../pipeline/open-engine.ts';
import { eachRecord } from './each-record.ts';
import type { CliContext } from './output.ts';
import { rulesNamed } from './rules-named.ts';
import { userForms } from './user-forms.ts';

/** Matches that are looked at; later ones are counted. */
const matchLimit = 20_000;

export interface SuggestChoice {
  readonly engine: OpenedEngine;
  readonly keyRing: KeyRing;
  readonly inputs: readonly string[];
  readonly rule: string;
  /** In clear, or as in masked events. */
  readonly principal: string | undefined;
  readonly words: ExceptionWords;
  /** The same rules with their examples: rules that were read before they are needed leave them out. */
  readonly withExamples: () => Promise<RuleSet>;
}

export interface Suggested {
  readonly rule: RuleInfo;
  readonly matches: number;
  readonly benign: number;
  readonly attacks: number;
  readonly best: Candidate;
  /** The exception, ready to be a file. */
  readonly yaml: string;
  /** Correlations that no longer see these events. */
  readonly correlations: readonly string[];
  /** Whether the users of the benign matches are masked and none was named: the exception is for anybody then. */
  readonly isForAnybody: boolean;
}

/** What a rule named on the command line is made of. */
interface Wanted {
  readonly loaded: LoadedRule | LoadedCorrelation;
  /** Rules whose matches it goes back to. */
  readonly leaves: readonly LoadedRule[];
}

function wantedOf(set: RuleSet, name: string): Wanted {
  const [loaded] = rulesNamed(set, name);
  if (!('leaves' in loaded)) return { loaded, leaves: [loaded] };
  const ids = new Set(loaded.leaves.flat());
  return { loaded, leaves: set.rules.filter(({ rule }) => ids.has(rule.info.id)) };
}

/** Verbs and resources are known, so that a rule that asks for no others is recognised; of other fields anything may come. */
function leavesOpen(
  leaves: readonly LoadedRule[],
  fields: readonly FieldSpec[],
  field: string,
  values: readonly string[],
): boolean {
  const known = {
    verb: kubernetesVerbs,
    'objectRef.resource': [...kubernetesResources.map(({ resource }) => resource), 'others'],
  }[field];
  const rest = known?.filter((value) => !values.includes(value));
  return (
    !rest || rest.some((value) => leaves.some(({ rule }) => mayMatch(rule.condition, fields, { values: { [field]: value } })))
  );
}

/** Examples in which an attack must be found: one event each, or a stream. */
function attacksOf(
  { loaded }: Wanted,
  withExamples: RuleSet,
): readonly { readonly name: string; readonly events: readonly unknown[] }[] {
  const { id } = loaded.rule.info;
  const { rule } = [...withExamples.rules, ...withExamples.correlations].find((other) => other.rule.info.id === id) ?? loaded;
  if ('condition' in rule) return rule.tests.flatMap(({ name, match, event }) => (match ? [{ name, events: [event] }] : []));
  return rule.tests.flatMap(({ name, findings, events }) =>
    findings > 0 ? [{ name, events: events.map(({ event }) => event) }] : [],
  );
}

/**
 * The exception of a rule that hides its matches in a log, or those of one user, and as little else as can be.
 * @throws Fault E_SUGGEST_NOTHING, E_SUGGEST_BREAKS where there is none that can be recommended
 */
export async function suggestException(context: CliContext, choice: SuggestChoice): Promise<Suggested> {
  const { engine, keyRing, inputs, principal, words } = choice;
  const wanted = wantedOf(engine.rules, choice.rule);
  const ids = new Set(wanted.leaves.map(({ rule }) => rule.info.id));
  const events: unknown[] = [];
  let matches = 0;
  await eachRecord(context, engine, inputs, {
    record: (record) => {
      if (!record.matches.some((id) => ids.has(id))) return;
      if (matches++ < matchLimit) events.push(JSON.parse(Buffer.from(record.payload).toString('utf8')));
    },
  });
  const forms = principal === undefined ? undefined : await userForms(keyRing, [principal]);
  const isBenign = (event: unknown): boolean => forms === undefined || forms.includes(textAt(event, 'user', 'username'));
  const benign = events.filter(isBenign);
  const { info } = wanted.loaded.rule;
  if (benign.length === 0) throw nothing(info, matches, principal);
  const mapping = await shippedMapping();
  const attacks = attacksOf(wanted, await choice.withExamples());
  const candidates = suggestExceptions({
    benign,
    others: events.filter((event) => !isBenign(event)),
    attacks,
    evidence: wanted.leaves.flatMap(({ evidence }) => evidence),
    principal: principal === undefined || principal.includes('[MASKED:') ? undefined : { clear: principal, forms: forms ?? [] },
    mapping,
    leavesOpen: (field, values) => leavesOpen(wanted.leaves, engine.rules.matcher.fields, field, values),
  });
  const [best] = candidates;
  if (!best) throw nothingInCommon(info);
  if (best.breaks.length > 0) throw breaksAttacks(info, best);
  const yaml = exceptionText(info.id, best.where, words);
  // What is printed must be what the program reads.
  readExceptions([{ file: 'the suggestion', text: yaml }], mapping);
  const correlations = engine.rules.correlations.filter(
    (loaded) => loaded !== wanted.loaded && loaded.leaves.flat().includes(info.id),
  );
  return {
    rule: info,
    matches,
    benign: benign.length,
    attacks: attacks.length,
    best,
    yaml,
    correlations: correlations.map(({ rule }) => rule.info.name),
    isForAnybody: !best.where.some(({ field }) => field === 'user.username'),
  };
}

function nothing({ name }: RuleInfo, matches: number, principal: string | undefined): Fault {
  if (matches === 0 || principal === undefined)
    return new Fault(`"${name}" matches nothing in this log: there is nothing to except`, {
      code: 'E_SUGGEST_NOTHING',
      remedy: 'Name a log in which it does, or another --profile.',
    });
  return new Fault(`none of the ${matches} matches of "${name}" in this log is of that user`, {
    code: 'E_SUGGEST_NOTHING',
    remedy: 'Give the name in clear and the --key that the log was masked with, or the pseudonym as it is shown.',
  });
}

function nothingInCommon({ name }: RuleInfo): Fault {
  return new Fault(`the matches of "${name}" have nothing in common that an exception could name`, {
    code: 'E_SUGGEST_NOTHING',
    remedy: 'Name one user with --principal, in clear: what is masked cannot stand in an exception.',
  });
}

function breaksAttacks({ name }: RuleInfo, { breaks, where }: Candidate): Fault {
  const fields = where.map(({ field }) => field).join(', ');
  return new Fault(
    `every exception that hides these matches would also hide attacks that "${name}" is for; the one by ${fields} hides: ${breaks.join('; ')}`,
    {
      code: 'E_SUGGEST_BREAKS',
      remedy:
        'Name one user with --principal, in clear, so that the exception can be about that user alone; or look whether the matches are benign.',
    },
  );
}
