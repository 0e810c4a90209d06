import { unprintable } from '../../core/unprintable.ts';
import { cutText } from '../../findings/cut-text.ts';

/** A text of at most so many characters without controls and line ends: what a name chosen by an attacker may become elsewhere. */
export function plainText(text: string, limit: number): string {
  return cutText(text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim(), limit - 1);
}

/** Several by name, each at most so long; those that are missing or empty are left out. */
export function plainTexts(
  texts: Readonly<Record<string, string | number | undefined>>,
  limit: number,
): Readonly<Record<string, string>> {
  const entries = Object.entries(texts).map(([name, text]) => [name, plainText(String(text ?? ''), limit)] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}
