import path from 'node:path';
import { corpusFile } from './corpus.ts';
import type { ProcessCase } from './process-cases.ts';
import { SharedMeasurement } from './shared-measurement.ts';
import { bodiesOf, measureWebhook, type WebhookLoad, type WebhookSample } from './webhook-load.ts';

const corpusMegabytes = 200;
const isMetadata = (line: Buffer): boolean => line.includes('"level":"Metadata"');

const shared = (load: (file: string) => WebhookLoad): SharedMeasurement<WebhookSample> =>
  new SharedMeasurement((root) => measureWebhook(load(corpusFile(path.join(root, 'bench/corpus'), corpusMegabytes))));

const mixed = shared((file) => bodiesOf(file, 400, 146));
const metadata = shared((file) => bodiesOf(file, 400, 100, isMetadata));
const single = shared((file) => bodiesOf(file, 1, 10_000));

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
