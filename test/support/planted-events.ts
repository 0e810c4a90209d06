import { type Dice, encodings, files, secretPlaces, textPlaces } from './planted-shapes.ts';

/** One line of an audit log with a secret in it. */
export interface PlantedEvent {
  readonly line: string;
  readonly secret: string;
  /** Place, encodings and mutations, for reports: no part of the event. */
  readonly shape: string;
}

/** An event with a secret in one place, in one file and encodings one in the other, then mutated. */
export function plantedEvent(dice: Dice): PlantedEvent {
  const secret = dice.secret();
  const direct = dice.roll(3) === 0;
  const [part, shape] = direct ? directly(secret, dice) : inText(secret, dice);
  const event = { kind: 'Event', apiVersion: 'audit.k8s.io/v1', auditID: 'a', verb: 'update', ...(part as object) };
  const { line, mutations } = mutate(event, dice);
  return { line, secret, shape: [shape, ...mutations].join(' ') };
}

function directly(secret: string, dice: Dice): [unknown, string] {
  const place = dice.pick(Object.keys(secretPlaces));
  return [secretPlaces[place]?.(secret, dice), place];
}

function inText(secret: string, dice: Dice): [unknown, string] {
  const file = dice.pick(Object.keys(files));
  const place = dice.pick(Object.keys(textPlaces));
  let text = files[file]?.(secret, dice) ?? '';
  const steps: string[] = [];
  for (let i = dice.roll(4); i > 0; i--) {
    const name = dice.pick(Object.keys(encodings));
    text = encodings[name]?.(text) ?? text;
    steps.push(name);
  }
  return [textPlaces[place]?.(text, dice), `${place} of ${steps.reverse().join(' of ')} of ${file}`];
}

/** Writes the event as JSON, some of it in unusual ways. */
function mutate(event: object, dice: Dice): { line: string; mutations: string[] } {
  const mutations: string[] = [];
  let line = JSON.stringify(event);
  if (dice.roll(6) === 0) {
    line = JSON.stringify({ kind: 'EventList', items: [{ kind: 'Event', auditID: 'b' }, event] });
    mutations.push('listed');
  }
  if (dice.roll(4) === 0) {
    line = escapeSome(line, dice);
    mutations.push('escaped');
  }
  if (dice.roll(6) === 0) {
    line = line.replace('{"kind":"Event"', '{"kind":"Event","requestObject":{"kind":"ConfigMap","data":null},"kind":"Event"');
    mutations.push('repeated');
  }
  if (dice.roll(6) === 0) {
    line = line.replaceAll(/,"(?=[a-zA-Z]+":)/g, ' ,\t"');
    mutations.push('spaced');
  }
  return { line, mutations };
}

/** Writes some letters of strings and names as `\u…` escapes. */
function escapeSome(line: string, dice: Dice): string {
  return line.replace(/\\.|[a-zA-Z<>&]/g, (found) =>
    found.length === 1 && dice.roll(12) === 0 ? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}` : found,
  );
}
