import { unprintable } from '../../core/unprintable.ts';
import { cutText } from '../../findings/cut-text.ts';

/** A text of at most so many characters without controls and line ends: what a name chosen by an attacker may become elsewhere. */
export function plainText(text: string, limit: number): string {
  return cutText(text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim(), limit - 1);
}
