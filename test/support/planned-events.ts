import fc from 'fast-check';
import type { Plan } from '../../src/scan/plan.ts';

/** What a plan itself asks for. */
interface PlanWords {
  readonly members: readonly string[];
  /** Names of the name classes. */
  readonly names: readonly string[];
  /** What conditions ask of other members. */
  readonly values: readonly string[];
  readonly programs: readonly ProgramWords[];
}

interface ProgramWords {
  readonly names: readonly string[];
  readonly flags: readonly string[];
}

/** Words that an expression spells out. */
function literals(expression: string): readonly string[] {
  const plain = expression.replaceAll(/\\.|\(\?[a-z:!]*|\[[^\]]*\]|\{[^}]*\}/g, ' ');
  return plain.match(/-{0,2}[a-z][a-z0-9_-]*/gi) ?? [];
}

function planWords({ commands, nameClasses, symbols, predicates }: Plan): PlanWords {
  const programs = commands
    .flatMap((command) => command.programs)
    .map(({ program, flags }) => ({
      names: literals(program),
      flags: literals(flags).flatMap((flag) => (flag.startsWith('-') ? [flag] : [flag, `-${flag}`, `--${flag}`])),
    }));
  return {
    members: symbols,
    names: nameClasses.flatMap(({ expression }) => literals(expression)),
    values: predicates.flatMap((one) => {
      if (one.type === 'literals') return one.values;
      return one.type === 'matches' ? literals(one.expression) : [];
    }),
    programs: programs.filter(({ names, flags }) => names.length > 0 && flags.length > 0),
  };
}

const value = fc.constantFrom('hunter2', 'bob:hunter2', 'user@example.com', '192.0.2.7', '', 'a b', '-x', 'eyJhIjoxfQ');
const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));

/** A program, and a value behind one of its own flags, in the same word or the next. */
function calls({ programs }: PlanWords): fc.Arbitrary<readonly string[]> {
  const between = fc.constantFrom('', '=', undefined);
  const before = fc.constantFrom([], ['x'], ['-v']);
  return fc
    .constantFrom(...programs)
    .chain(({ names, flags }) =>
      fc
        .tuple(fc.constantFrom('', '/usr/bin/'), fc.constantFrom(...names), before, fc.constantFrom(...flags), between, value)
        .map(([folder, name, words, flag, by, secret]) => [
          ...[folder + name, ...words],
          ...(by === undefined ? [flag, secret] : [flag + by + secret]),
        ]),
    );
}

/** Texts in which names and values stand as programs write them: command lines, queries, and documents of each format. */
function texts(words: PlanWords, call: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> {
  const name = fc.constantFrom(...words.names);
  const flag = fc.constantFrom(...words.programs.flatMap(({ flags }) => flags));
  const word = fc.oneof(
    joined(flag, fc.constantFrom('', '=', ' ', ':'), value),
    joined(fc.constantFrom('', '--', '-D', '-e'), name, fc.constantFrom('', '=', ':'), value),
    value,
    fc.constantFrom('sh', '-c', '--', 'x=1', 'plain'),
  );
  const pair = fc.tuple(name, value);
  const some = fc.array(word, { minLength: 1, maxLength: 4 });
  const text = fc.oneof(
    word,
    some.map((all) => all.join(' ')),
    call.map((all) => all.join(' ')),
    pair.map(([one, secret]) => `/api/v1/x?a=b&${one}=${encodeURIComponent(secret)}`),
    call.map((all) => `/exec?${all.map((one) => `command=${encodeURIComponent(one)}`).join('&')}`),
    pair.map(([one, secret]) => `https://bob:${secret}@example.com/?${one}=${secret}`),
    pair.map(([one, secret]) => `a: b\n${one}: ${secret}\n`),
    call.map((all) => `args:\n${all.map((one) => `- ${one}\n`).join('')}`),
    pair.map(([one, secret]) => `<a><${one}>${secret}</${one}></a>`),
    pair.map(([one, secret]) => JSON.stringify({ [one]: secret })),
    pair.map(([one, secret]) => JSON.stringify([{ name: one, value: secret }])),
    call.map((all) => JSON.stringify(all)),
  );
  return fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 1, arbitrary: text.map((one) => Buffer.from(one).toString('base64')) },
    { weight: 1, arbitrary: text.map((one) => encodeURIComponent(one)) },
    { weight: 1, arbitrary: text.map((one) => ` ${one}`) },
  );
}

/** Objects with such texts, pairs of name and value, and command lines in one list or two, at places that the plan knows and others. */
export function plannedEvents(plan: Plan): fc.Arbitrary<object> {
  const words = planWords(plan);
  const call = calls(words);
  const text = texts(words, call);
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...words.members) },
    { weight: 1, arbitrary: fc.constantFrom(...words.names) },
    { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
  );
  const leaf = fc.oneof(text, text, fc.constantFrom(...words.values), fc.constantFrom(1, 10.5, true, null, 4111111111111111));
  const { object } = fc.letrec<{ any: unknown; list: unknown; pair: unknown; container: unknown; object: object }>((tie) => ({
    any: fc.oneof({ depthSize: 'medium' }, leaf, call, tie('list'), tie('pair'), tie('container'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 4 }),
    pair: fc
      .tuple(fc.constantFrom('name', 'key', 'header'), fc.constantFrom(...words.names), tie('any'))
      .map(([key, one, what]) => ({ [key]: one, value: what })),
    container: call.map(([program, ...args]) => ({ command: [program], args })),
    object: fc.dictionary(name, tie('any'), { maxKeys: 5 }),
  }));
  return object;
}
