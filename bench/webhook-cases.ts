import path from 'node:path';
import { corpusFile } from './corpus.ts';
import type { ProcessCase } from './process-cases.ts';
import { bodiesOf, measureWebhook, type WebhookLoad, type WebhookSample } from './webhook-load.ts';

const corpusMegabytes = 200;
const anything = (): boolean => true;
const isMetadata = (line: Buffer): boolean => line.includes('"level":"Metadata"');

function webhookCase(
  one: Pick<ProcessCase, 'name' | 'about' | 'unit'>,
  load: (file: string) => WebhookLoad,
  value: (sample: WebhookSample) => number,
): ProcessCase {
  return {
    ...one,
    rounds: (rounds) => rounds,
    run: async (root) => value(await measureWebhook(load(corpusFile(path.join(root, 'bench/corpus'), corpusMegabytes)))),
  };
}

/** The webhook from request to answer: bodies over HTTP on this machine, answered once their events are synced. */
export const webhookCases: readonly ProcessCase[] = [
  webhookCase(
    { name: 'webhook', about: 'bodies of 400 events of all levels, 3 in flight, acknowledged', unit: 'events/CPU-s' },
    (file) => bodiesOf(file, 400, 140, anything),
    (sample) => sample.eventsPerCpuSecond,
  ),
  webhookCase(
    { name: 'webhook-metadata', about: 'the same with events of level Metadata', unit: 'events/CPU-s' },
    (file) => bodiesOf(file, 400, 100, isMetadata),
    (sample) => sample.eventsPerCpuSecond,
  ),
  webhookCase(
    { name: 'webhook-one', about: 'bodies of one event, 3 in flight', unit: 'events/CPU-s' },
    (file) => bodiesOf(file, 1, 10_000, anything),
    (sample) => sample.eventsPerCpuSecond,
  ),
  webhookCase(
    { name: 'webhook-p99', about: '99 of 100 bodies of 400 events, 3 in flight, are answered within', unit: 'ms' },
    (file) => bodiesOf(file, 400, 140, anything),
    (sample) => sample.p99Ms,
  ),
  webhookCase(
    { name: 'webhook-one-p99', about: '99 of 100 bodies of one event, 3 in flight, are answered within', unit: 'ms' },
    (file) => bodiesOf(file, 1, 10_000, anything),
    (sample) => sample.p99Ms,
  ),
];
