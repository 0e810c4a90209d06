import type { EventExample, StreamExample } from '../rule.ts';
import type { Member, YamlSource } from './yaml-source.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const code = 'E_RULE_TESTS';

function items(
  source: YamlSource,
  member: Member,
  keys: readonly string[],
): readonly { readonly node: unknown; readonly data: Readonly<Record<string, unknown>> }[] {
  const result: { readonly node: unknown; readonly data: Readonly<Record<string, unknown>> }[] = [];
  const sequence = source.sequence(member.value);
  if (!sequence) source.fault(member.at, code, '"tests" is a list of examples');
  for (const node of sequence?.items ?? []) {
    const data = source.data(node);
    if (!isObject(data) || typeof data['name'] !== 'string') source.fault(node, code, 'an example is a map with a name');
    else {
      for (const key of Object.keys(data)) {
        if (!keys.includes(key)) source.fault(node, code, `unknown key "${key}" in an example`, `Known: ${keys.join(', ')}.`);
      }
      result.push({ node, data });
    }
  }
  return result;
}

/** Every `{each}` in a name or a text of the example is this value; a text that is nothing else becomes the value itself. */
function filledIn(node: unknown, value: unknown): unknown {
  if (node === '{each}') return value;
  if (typeof node === 'string') return node.replaceAll('{each}', String(value));
  if (Array.isArray(node)) return node.map((item) => filledIn(item, value));
  if (!isObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, item]) => [name.replaceAll('{each}', String(value)), filledIn(item, value)]),
  );
}

/** Examples of a stateless rule: `name`, `match`, `event`; `each: [a, b]` writes one out for each value. */
export function parseEventExamples(source: YamlSource, member: Member | undefined): readonly EventExample[] {
  if (!member) return [];
  return items(source, member, ['name', 'match', 'each', 'event']).flatMap(({ node, data }) => {
    const { name, match, each, event } = data as { name: string; match: unknown; each: unknown; event: unknown };
    if (typeof match !== 'boolean' || !isObject(event)) {
      source.fault(node, code, 'an example has "match" (true or false) and an "event"');
      return [];
    }
    if (each === undefined) return [{ name, match, event }];
    if (!Array.isArray(each) || each.length === 0 || !JSON.stringify(event).includes('{each}')) {
      source.fault(node, code, '"each" is a list of values for the places that say {each} in the event');
      return [];
    }
    return each.map((value: unknown) => ({ name: `${name} (${String(value)})`, match, event: filledIn(event, value) }));
  });
}

/** Examples of a correlation: `name`, `findings`, `events`, each with `at` in seconds and the members of an event. */
export function parseStreamExamples(source: YamlSource, member: Member | undefined): readonly StreamExample[] {
  if (!member) return [];
  return items(source, member, ['name', 'findings', 'events']).flatMap(({ node, data }) => {
    const { name, findings, events } = data as { name: string; findings: unknown; events: unknown };
    const list = Array.isArray(events) ? events.flatMap((event: unknown) => times(event)) : [];
    if (
      typeof findings !== 'number' ||
      list.length === 0 ||
      !list.every((item) => isObject(item) && typeof item['at'] === 'number')
    ) {
      source.fault(node, code, 'an example has "findings" (a number) and "events", each with "at" in seconds');
      return [];
    }
    return [{ name, findings, events: list.map(({ at, ...event }) => ({ at: at as number, event })) }];
  });
}

/** `repeat: { count: 10, every: 5 }` writes an event out that many times, seconds apart; `{n}` in texts is the number. */
function times(event: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!isObject(event)) return [{}];
  const { repeat, ...rest } = event;
  if (!isObject(repeat)) return [rest];
  const count = Number(repeat['count']);
  const every = Number(repeat['every']);
  const written = JSON.stringify(rest);
  return Array.from({ length: Number.isInteger(count) && count > 0 && count <= 1000 ? count : 0 }, (_, n) => ({
    ...(JSON.parse(written.replaceAll('{n}', String(n))) as Record<string, unknown>),
    at: Number(rest['at']) + n * every,
  }));
}
