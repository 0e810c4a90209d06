import type { CommandWords, OptionWords, Vocabulary } from './command-words.ts';
import { type Offer, offerOf, stepsOf, wordsOf } from './shell-cases.ts';

/** A completion for fish, with what each word is for. */
export function fishCompletion(vocabulary: Vocabulary): string {
  const lines = vocabulary.commands.flatMap((command) => linesOf(command, vocabulary));
  return `# Completion of auditveil for fish: put it into ~/.config/fish/completions/auditveil.fish

function __auditveil_at
  set -l at ''
  set -l words (commandline -opc)
  for word in $words[2..-1]
    switch "$at $word"
      case ${stepsOf(vocabulary).map(quotedFish).join(' ')}
        set at (string trim -- "$at $word")
    end
  end
  test "$at" = "$argv[1]"
end

complete -c auditveil -f
${lines.join('\n')}
`;
}

/** fish reads a backslash and a single quote inside single quotes. */
const quotedFish = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function linesOf(command: CommandWords, vocabulary: Vocabulary): readonly string[] {
  const { words, isPath } = wordsOf({ ...command, options: [] }, vocabulary);
  const start = `complete -c auditveil -n ${quotedFish(`__auditveil_at ${quotedFish(command.path)}`)}`;
  return [
    ...words.map(({ text, about }) => `${start} -a ${quotedFish(text)} -d ${quotedFish(about)}`),
    ...(isPath ? [`${start} -F`] : []),
    ...command.options.map(
      (option) => `${start}${flagsOf(option)}${valuesOf(option, vocabulary)} -d ${quotedFish(option.about)}`,
    ),
  ];
}

const flagsOf = ({ flags }: OptionWords): string =>
  flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('');

function valuesOf({ values }: OptionWords, vocabulary: Vocabulary): string {
  if (values === undefined) return '';
  const offer: Offer = offerOf(values, vocabulary);
  if (offer === 'path') return ' -r -F';
  if (offer === 'nothing') return ' -x';
  // fish reads this once more: `word\t'what it is for'`.
  return ` -x -a ${quotedFish(offer.words.map(({ text, about }) => (about === '' ? text : `${text}\\t${quotedFish(about)}`)).join(' '))}`;
}
