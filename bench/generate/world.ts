import type { Planter } from '../../src/demo/plant.ts';
import { alphabets, type SeededRandom } from '../../src/demo/random.ts';

/** A pod of the imagined cluster. */
export interface Pod {
  readonly namespace: string;
  readonly app: string;
  readonly replicaSet: string;
  readonly name: string;
  readonly uid: string;
  readonly ownerUid: string;
  readonly node: number;
  readonly ip: string;
}

/** A large cluster in a few tables: 120 nodes, 2,500 pods, 48 namespaces. Made once per seed, then only read. */
export interface World {
  readonly random: SeededRandom;
  readonly plant: Planter;
  readonly nodes: readonly { readonly name: string; readonly ip: string; readonly uid: string }[];
  readonly pods: readonly Pod[];
  readonly accounts: readonly { readonly namespace: string; readonly name: string; readonly uid: string }[];
  readonly people: readonly string[];
  readonly offices: readonly string[];
  /** Skewed choice: few values are hot, as in real logs. */
  hot<T>(list: readonly T[]): T;
  /** Microseconds since the epoch; moves on with every event. */
  nowUs: number;
  resourceVersion: number;
}

const teams = [
  'payments',
  'orders',
  'search',
  'identity',
  'billing',
  'risk',
  'media',
  'batch',
  'web',
  'crm',
  'ledger',
  'stock',
  'mail',
  'maps',
  'forum',
  'docs',
  'stats',
  'price',
  'route',
  'chat',
];
const system = ['kube-system', 'default', 'monitoring', 'ingress', 'certificates', 'gitops', 'mesh', 'policy'];
const apps = [
  'api',
  'worker',
  'web',
  'cache',
  'gateway',
  'planner',
  'consumer',
  'exporter',
  'frontend',
  'mover',
  'auth',
  'pricing',
  'mailer',
  'indexer',
  'proxy',
];
const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'generic-garbage-collector',
  'endpointslice-controller',
  'horizontal-pod-autoscaler',
  'coredns',
  'kube-proxy',
  'node-controller',
];
const given = [
  'anna',
  'bo',
  'chidi',
  'dora',
  'emil',
  'fay',
  'gustav',
  'hana',
  'ines',
  'jan',
  'kofi',
  'lea',
  'mio',
  'nora',
  'omar',
  'pia',
];
const family = ['berg', 'costa', 'dahl', 'eto', 'fuchs', 'garza', 'holm', 'ito', 'jansen', 'kaya', 'lund', 'moreau'];

function makePods(random: SeededRandom, namespaces: readonly string[], hot: World['hot']): readonly Pod[] {
  return Array.from({ length: 2500 }, () => {
    const app = random.pick(apps);
    const replicaSet = `${app}-${random.chars(random.between(8, 10), alphabets.suffix)}`;
    return {
      namespace: hot(namespaces),
      app,
      replicaSet,
      name: `${replicaSet}-${random.chars(5, alphabets.suffix)}`,
      uid: random.uuid(),
      ownerUid: random.uuid(),
      node: random.between(0, 119),
      ip: `10.${random.between(64, 127)}.${random.between(0, 255)}.${random.between(1, 254)}`,
    };
  });
}

export function createWorld(random: SeededRandom, plant: Planter): World {
  const hot = <T>(list: readonly T[]): T => list[Math.floor(list.length * random.unit() ** 3)] as T;
  const namespaces = [...system, ...teams.flatMap((team) => [`${team}-prod`, `${team}-stage`])];
  const account = (namespace: string, name: string): World['accounts'][number] => ({ namespace, name, uid: random.uuid() });
  return {
    random,
    plant,
    hot,
    nodes: Array.from({ length: 120 }, (_, i) => {
      const ip = `10.${random.between(0, 63)}.${random.between(0, 255)}.${random.between(1, 254)}`;
      const name =
        i % 3 === 0
          ? `pool-${random.between(1, 9)}-${random.chars(8, alphabets.hex)}`
          : `ip-${ip.replaceAll('.', '-')}.region-1.compute.internal`;
      return { name, ip, uid: random.uuid() };
    }),
    pods: makePods(random, namespaces, hot),
    accounts: [
      ...controllers.map((name) => account('kube-system', name)),
      ...namespaces.map((name) => account(name, random.pick(apps))),
    ],
    people: given.flatMap((first) => family.slice(0, 5).map((last) => `${first}.${last}@example.com`)),
    offices: [
      ...Array.from({ length: 40 }, () => `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${random.between(1, 254)}`),
      ...Array.from({ length: 20 }, () => `2001:db8:${random.chars(4, alphabets.hex)}::${random.chars(3, alphabets.hex)}`),
    ],
    nowUs: 1_772_442_000_000_000,
    resourceVersion: 700_000_000,
  };
}
