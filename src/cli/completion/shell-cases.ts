import type { CommandWords, Values, Vocabulary } from './command-words.ts';

/** A word with what it is for. */
export interface Word {
  readonly text: string;
  readonly about: string;
}

/** What is offered at a place of the command line. */
export type Offer = { readonly words: readonly Word[] } | 'path' | 'nothing';

/** Sub-commands and options of a command, and its first argument where that is known. */
export function wordsOf(
  command: CommandWords,
  vocabulary: Vocabulary,
): { readonly words: readonly Word[]; readonly isPath: boolean } {
  const commands = command.commands.map(({ name, about }) => ({ text: name, about }));
  const options = command.options.flatMap(({ flags, about }) => flags.map((text) => ({ text, about })));
  const offer = offerOf(command.values, vocabulary);
  return { words: [...commands, ...(typeof offer === 'object' ? offer.words : []), ...options], isPath: offer === 'path' };
}

export function offerOf(values: Values, { rules, kinds }: Vocabulary): Offer {
  if (values === 'path') return 'path';
  if (values === 'any') return 'nothing';
  if (values === 'rule') return { words: rules.map(({ id, name }) => ({ text: id, about: name })) };
  return { words: (values === 'kind' ? kinds : values).map((text) => ({ text, about: '' })) };
}

/** Every sub-command as the place before it and its name, for walking along a command line. */
export function stepsOf({ commands }: Vocabulary): readonly string[] {
  return commands.filter(({ path }) => path !== '').map(({ path }) => (path.includes(' ') ? path : ` ${path}`));
}

/** For `case "$place:$option"` of bash and zsh: what is done behind each option that takes a value. */
export function valueCases(vocabulary: Vocabulary, reply: (offer: Offer) => string): string {
  const cases = vocabulary.commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, values }) => {
      if (values === undefined) return [];
      const places = flags.map((flag) => quoted(`${path}:${flag}`)).join('|');
      return [`    ${places}) ${reply(offerOf(values, vocabulary))}; return ;;`];
    }),
  );
  return cases.join('\n');
}

/** For `case "$place"` of bash and zsh: what the words of each command are put into, and whether files are words too. */
export function wordCases(vocabulary: Vocabulary, put: (words: readonly Word[]) => string): string {
  const cases = vocabulary.commands.map((command) => {
    const { words, isPath } = wordsOf(command, vocabulary);
    return `    ${quoted(command.path)}) ${put(words)}; files=${isPath ? 1 : 0} ;;`;
  });
  return cases.join('\n');
}

/** A text in single quotes of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
