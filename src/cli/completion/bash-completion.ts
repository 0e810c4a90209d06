import type { Vocabulary } from './command-words.ts';
import { type Offer, offerOf, quoted, stepsOf, wordsOf } from './shell-cases.ts';

/** A completion for bash 4 and later. Words of ours hold no blanks. */
export function bashCompletion(vocabulary: Vocabulary): string {
  const values = vocabulary.commands.flatMap(({ path, options }) =>
    options.flatMap(({ flags, values: asked }) =>
      asked === undefined
        ? []
        : [`    ${flags.map((flag) => quoted(`${path}:${flag}`)).join('|')}) ${reply(offerOf(asked, vocabulary))} ;;`],
    ),
  );
  const words = vocabulary.commands.map((command) => {
    const { words: all, isPath } = wordsOf(command, vocabulary);
    return `    ${quoted(command.path)}) words=${quoted(all.map(({ text }) => text).join(' '))} files=${isPath ? 1 : 0} ;;`;
  });
  return `# Completion of auditveil for bash: source it, or put it into
# ~/.local/share/bash-completion/completions/auditveil

_auditveil() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at= words= files=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${stepsOf(vocabulary).map(quoted).join('|')}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at:$prev" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if [[ $files = 1 && $cur != -* ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -F _auditveil auditveil
`;
}

function reply(offer: Offer): string {
  if (offer === 'nothing') return 'return';
  if (offer === 'path') return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); return';
  return `COMPREPLY=($(compgen -W ${quoted(offer.words.map(({ text }) => text).join(' '))} -- "$cur")); return`;
}
