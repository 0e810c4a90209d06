import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Dice } from '../support/planted-shapes.ts';
import { type PlantedText, plantedText } from '../support/planted-text.ts';
import { reveals } from '../support/reveals.ts';
import { applied, commandPlaces, filePlaces, messagePlaces, type Places } from './shape-places.ts';

/**
 * What an opponent of the packs would try, by `test/leak/red-team/*`: written from how programs, operators and services
 * write their secrets, not from what the packs know. Values are drawn anew by every seed.
 */
export interface Attempt {
  /** The file and the template. */
  readonly name: string;
  readonly planted: PlantedText;
  readonly places: Places;
}
type Mask = (line: string) => string | undefined;

const read = (file: string): string => readFileSync(`test/leak/red-team/${file}`, 'utf8');
const linesOf = (file: string): readonly string[] => read(file).trimEnd().split('\n');
const sectionsOf = (file: string): readonly string[] =>
  read(file)
    .split(/^%% .*\n/m)
    .slice(1);
const documentsOf = (file: string): readonly string[] => read(file).split(/^---\n/m);

const objectPlaces = (text: string): Places => {
  const body: unknown = parse(text);
  return { request: { requestObject: body }, applied: applied(body) };
};

const eventPlaces = (text: string): Places => ({ event: parse(text) as unknown });

/** Values depend on the template and the seed alone, so that a new line changes no other. */
const diceFor = (template: string, seed: number): Dice =>
  new Dice([...template].reduce((mixed, sign) => Math.imul(mixed ^ (sign.codePointAt(0) as number), 0x01000193), seed));

function attempts(
  file: string,
  templates: readonly string[],
  places: (text: string) => Places,
  seed: number,
): readonly Attempt[] {
  return templates.map((template) => {
    const planted = plantedText(template, diceFor(template, seed));
    return { name: `${file} ${template}`, planted, places: places(planted.text) };
  });
}

/** Texts with secrets in them. */
export function secretAttempts(seed: number): readonly Attempt[] {
  return [
    ...attempts('commands', linesOf('commands.txt'), commandPlaces, seed),
    ...attempts('lines', linesOf('lines.txt'), filePlaces, seed),
    ...attempts('files', sectionsOf('files.txt'), filePlaces, seed),
    ...attempts('objects', documentsOf('objects.yml'), objectPlaces, seed),
    ...attempts('tools', linesOf('tools.txt'), commandPlaces, seed),
    ...attempts('tokens', linesOf('tokens.txt'), filePlaces, seed),
    ...attempts('sentences', linesOf('sentences.txt'), filePlaces, seed),
    ...attempts('persons', linesOf('persons.txt'), filePlaces, seed),
    ...attempts('messages', linesOf('messages.txt'), messagePlaces, seed),
    ...attempts('programs', sectionsOf('programs.txt'), filePlaces, seed),
    ...attempts('resources', documentsOf('resources.yml'), objectPlaces, seed),
    ...attempts('events', documentsOf('events.yml'), eventPlaces, seed),
  ];
}

/** Texts that only look as if they had. */
export function harmlessAttempts(seed: number): readonly Attempt[] {
  return [
    ...attempts('harmless-lines', linesOf('harmless-lines.txt'), filePlaces, seed),
    ...attempts('harmless-objects', documentsOf('harmless-objects.yml'), objectPlaces, seed),
    ...attempts('harmless-texts', linesOf('harmless-texts.txt'), filePlaces, seed),
    ...attempts('harmless-resources', documentsOf('harmless-resources.yml'), objectPlaces, seed),
  ];
}

const eventWith = (more: unknown): string => JSON.stringify({ kind: 'Event', auditID: 'a', verb: 'create', ...(more as object) });

/** What of a text's secrets is left, by place. */
export function leftOf(mask: Mask, { planted, places }: Attempt): readonly string[] {
  const left: string[] = [];
  for (const [place, more] of Object.entries(places)) {
    const masked = mask(eventWith(more));
    if (masked === undefined) left.push(`${place}: stub`);
    else for (const secret of planted.gone) if (reveals(masked, secret)) left.push(`${place}: ${secret}`);
  }
  return left;
}

/** What should have stayed where the text stands as it is. */
export function lostOf(mask: Mask, { planted, places }: Attempt): readonly string[] {
  const masked = mask(eventWith(Object.values(places)[0])) ?? '';
  return planted.stays.filter((text) => !masked.includes(text) && !masked.includes(JSON.stringify(text).slice(1, -1)));
}

/** Places in which a harmless text is changed, with what it became. Base64 of a sentence about passwords may be masked whole. */
export function changedPlaces(mask: Mask, { places }: Attempt): readonly string[] {
  return Object.entries(places).flatMap(([place, more]) => {
    const line = eventWith(more);
    const masked = mask(line) ?? 'stub';
    return masked === line || masked.includes('[MASKED:encoded-phrase]') ? [] : [`${place}: ${masked}`];
  });
}

/** The same with the first place and one other, which differs from text to text: enough for a quick test. */
export function inTwoPlaces(attempt: Attempt, index: number): Attempt {
  const [first, ...others] = Object.entries(attempt.places);
  const other = others[index % others.length];
  return { ...attempt, places: Object.fromEntries(other ? [first!, other] : [first!]) };
}
