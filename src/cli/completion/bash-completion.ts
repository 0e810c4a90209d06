import type { Vocabulary } from './command-words.ts';
import { type Offer, quoted, stepsOf, valueCases, type Word, wordCases } from './shell-cases.ts';

/** A completion for bash 4 and later. Words of ours hold no blanks. */
export function bashCompletion(vocabulary: Vocabulary): string {
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
${valueCases(vocabulary, reply)}
  esac
  case "$at" in
${wordCases(vocabulary, (words) => `words=${joined(words)}`)}
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

const joined = (words: readonly Word[]): string => quoted(words.map(({ text }) => text).join(' '));

function reply(offer: Offer): string {
  if (offer === 'nothing') return ':';
  if (offer === 'path') return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
  return `COMPREPLY=($(compgen -W ${joined(offer.words)} -- "$cur"))`;
}
