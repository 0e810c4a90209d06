import path from 'node:path';
import { corpusFile } from './corpus.ts';
import type { ProcessCase } from './process-cases.ts';
import { bodiesOf, measureWebhook, type WebhookLoad, type WebhookSample } from './webhook-load.ts';

const corpusMegabytes = 200;
const isMetadata = (line: Buffer): boolean => line.includes('"level":"Metadata"');

/** One load, measured once a round, however many cases show something of it. */
class SharedLoad {
  readonly #make: (file: string) => WebhookLoad;
  readonly #samples: Promise<WebhookSample>[] = [];

  constructor(make: (file: string) => WebhookLoad) {
    this.#make = make;
  }

  case(one: Pick<ProcessCase, 'name' | 'about' | 'unit'>, value: (sample: WebhookSample) => number): ProcessCase {
    let round = 0;
    return {
      ...one,
      rounds: (rounds) => rounds,
      run: async (root) => value(await this.#sample(round++, root)),
    };
  }

  #sample(round: number, root: string): Promise<WebhookSample> {
    this.#samples[round] ??= measureWebhook(this.#make(corpusFile(path.join(root, 'bench/corpus'), corpusMegabytes)));
    return this.#samples[round];
  }
}

const mixed = new SharedLoad((file) => bodiesOf(file, 400, 146));
const metadata = new SharedLoad((file) => bodiesOf(file, 400, 100, isMetadata));
const single = new SharedLoad((file) => bodiesOf(file, 1, 10_000));

/** The webhook from request to answer: bodies over HTTP on this machine, three in flight, answered once their events are synced. */
export const webhookCases: readonly ProcessCase[] = [
  mixed.case(
    { name: 'webhook', about: 'bodies of 400 events of all levels, acknowledged', unit: 'events/CPU-s' },
    (sample) => sample.eventsPerCpuSecond,
  ),
  mixed.case(
    { name: 'webhook-p99', about: '99 of 100 bodies of 400 events are answered within', unit: 'ms' },
    (sample) => sample.p99Ms,
  ),
  mixed.case(
    { name: 'webhook-memory', about: 'largest resident set under these bodies', unit: 'MB' },
    (sample) => sample.peakMegabytes,
  ),
  metadata.case(
    { name: 'webhook-metadata', about: 'bodies of 400 events of level Metadata, acknowledged', unit: 'events/CPU-s' },
    (sample) => sample.eventsPerCpuSecond,
  ),
  metadata.case(
    { name: 'webhook-metadata-p99', about: '99 of 100 of these are answered within', unit: 'ms' },
    (sample) => sample.p99Ms,
  ),
  single.case(
    { name: 'webhook-one', about: 'bodies of one event, acknowledged', unit: 'events/CPU-s' },
    (sample) => sample.eventsPerCpuSecond,
  ),
  single.case({ name: 'webhook-one-p99', about: '99 of 100 of these are answered within', unit: 'ms' }, (sample) => sample.p99Ms),
];
