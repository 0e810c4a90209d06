import type { Vocabulary } from './command-words.ts';
import { type Offer, quoted, stepsOf, valueCases, type Word, wordCases } from './shell-cases.ts';

/** A completion for zsh, with what each word is for. */
export function zshCompletion(vocabulary: Vocabulary): string {
  return `#compdef auditveil
# Completion of auditveil for zsh: put it into a folder of $fpath as _auditveil, or source it after compinit.

_auditveil() {
  local at= files=0 i cur=\${words[CURRENT]} prev=\${words[CURRENT-1]}
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
      ${stepsOf(vocabulary).map(quoted).join('|')}) at="\${at:+$at }\${words[i]}" ;;
    esac
  done
  case "$at:$prev" in
${valueCases(vocabulary, reply)}
  esac
  case "$at" in
${wordCases(vocabulary, (words) => `found=(${described(words)})`)}
  esac
  _describe auditveil found
  if [[ $files = 1 && $cur != -* ]]; then _files; fi
}

if [ "\${funcstack[1]}" = _auditveil ]; then _auditveil "$@"; else compdef _auditveil auditveil; fi
`;
}

const described = (words: readonly Word[]): string =>
  words.map(({ text, about }) => quoted(`${text.replaceAll(':', '\\:')}${about === '' ? '' : `:${about}`}`)).join(' ');

function reply(offer: Offer): string {
  if (offer === 'nothing') return ':';
  return offer === 'path' ? '_files' : `found=(${described(offer.words)}); _describe value found`;
}
