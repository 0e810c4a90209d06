import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { configOfRole } from '../../src/config/role-config.ts';
import type { Config } from '../../src/config/schema.ts';
import { root } from '../support/source-files.ts';

interface Volume {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly read_only?: boolean;
}
interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: unknown;
  readonly user: string;
  readonly read_only?: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ulimits: { readonly core: number };
  readonly pids_limit: number;
  readonly mem_limit: string;
  readonly network_mode?: string;
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: object;
  readonly restart: string;
  readonly volumes: readonly Volume[];
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};
const all = Object.entries(compose.services);
const ours = all.filter(([, { image }]) => image === 'auditveil:local');
const whole = all.filter(([, { profiles }]) => profiles?.includes('whole')).map(([name]) => name);
const plainConfig = loadConfig(read('deploy/config.yaml'), '/etc/auditveil/config.yaml', {});
const pageConfig = loadConfig(read('deploy/compose/page.yaml'), '/etc/auditveil/config.yaml', {
  PAGE_TOKEN_HASH: `sha256:${'0'.repeat(64)}`,
});
const wholeConfig = loadConfig(read('deploy/compose/config.yaml'), '/etc/auditveil/config.yaml', {
  KAFKA_PASSWORD: 'x'.repeat(16),
});

const under = ({ volumes }: Service, file: string): Volume | undefined =>
  volumes.find(({ target }) => file.startsWith(`${target}/`));

const configFiles: Readonly<Record<string, string>> = {
  agent: './deploy/config.yaml',
  page: './deploy/compose/page.yaml',
};

/** Everything that the program writes lies in a writable volume, everything it reads in a read-only one. */
function expectMounts(name: string, config: Config, keyIsOurs: boolean): void {
  const written = [config.log.directory, ...config.sinks.flatMap((sink) => ('path' in sink ? [sink.path] : []))];
  const readOnly = config.sources.flatMap((source) => (source.type === 'file' ? [source.path] : []));
  (keyIsOurs ? written : readOnly).push(config.masking.keyFile ?? '');
  for (const file of written) {
    expect(under(service(name), file), `${name} ${file}`).to.be.an('object');
    expect(under(service(name), file)?.read_only ?? false, `${name} ${file}`).to.equal(false);
  }
  for (const file of readOnly) expect(under(service(name), file)?.read_only, `${name} ${file}`).to.equal(true);
}

describe('deploy/compose', () => {
  it('runs the plain agent alone, one with a page, and a whole installation by its profile', () => {
    expect(service('agent').profiles).to.deep.equal(['agent']);
    expect(service('agent').network_mode).to.equal('none');
    expect(service('page').profiles).to.deep.equal(['page']);
    expect(whole).to.have.members('sender worker-1 worker-2 kafka topics opensearch prometheus grafana'.split(' '));
  });

  it('mounts the configuration it starts each with, and what that names', () => {
    for (const [name, { command = [], volumes }] of ours.filter(([name]) => name !== 'make-keys')) {
      const mounted = volumes.find(({ target }) => command.includes(target));
      expect(mounted?.source, name).to.equal(configFiles[name] ?? './deploy/compose/config.yaml');
    }
    expectMounts('agent', plainConfig, true);
    expectMounts('page', pageConfig, true);
    for (const file of Object.values(pageConfig.web?.tls ?? {}))
      expect(under(service('page'), file)?.read_only, file).to.equal(true);
    expectMounts('sender', configOfRole(wholeConfig, 'agent'), false);
    for (const worker of ['worker-1', 'worker-2']) expectMounts(worker, configOfRole(wholeConfig, 'worker'), false);
  });

  it('gives each its own data, and all of them one key that none can change', () => {
    const writable = all.flatMap(([name, { volumes = [] }]) =>
      volumes.filter(({ type, read_only }) => type === 'volume' && !read_only).map(({ source }) => `${source} of ${name}`),
    );
    const sources = writable.map((text) => text.split(' ')[0]);
    expect(new Set(sources).size, writable.join(', ')).to.equal(sources.length);
    expect(Object.keys(compose.volumes)).to.have.members(sources);
  });

  it('mounts only what is there', () => {
    for (const [name, { volumes = [] }] of all)
      for (const { type, source } of volumes)
        if (type === 'bind' && !source.startsWith('$'))
          expect(existsSync(path.join(root, source)), `${name}: ${source}`).to.equal(true);
  });

  it('gives every service only what it needs: no root, no capabilities, nothing to write outside its volumes', () => {
    for (const [name, given] of all) {
      expect(given.user, name).to.match(/^[1-9]\d*:\d+$/);
      expect(given.cap_drop, name).to.deep.equal(['ALL']);
      expect(given.security_opt, name).to.include('no-new-privileges:true');
      expect(given.ulimits.core, name).to.equal(0);
      expect(given.pids_limit, name).to.be.greaterThan(0);
      expect(given.mem_limit, name).to.match(/^\d+[mg]$/);
      // OpenSearch writes beside its configuration when it starts.
      if (name !== 'opensearch') expect(given.read_only, name).to.equal(true);
      if (given.restart !== 'no') expect(given.healthcheck, name).to.be.an('object');
      expect(given.image, name).to.match(/^auditveil:local$|^docker\.io\/.+:v?\d+\.\d+\.\d+$/);
    }
    for (const [name, { user }] of ours) expect(user, name).to.equal('65532:65532');
  });

  it('lets only those talk who have to, and publishes two ports, to this machine', () => {
    const on = (network: string): readonly string[] =>
      all.filter(([, { networks }]) => networks?.includes(network)).map(([name]) => name);
    expect(on('transport')).to.have.members(['sender', 'worker-1', 'worker-2', 'kafka']);
    expect(on('search')).to.have.members(['worker-1', 'worker-2', 'opensearch']);
    expect(on('metrics')).to.have.members(['sender', 'worker-1', 'worker-2', 'prometheus']);
    expect(on('view')).to.have.members(['prometheus', 'grafana']);
    expect(on('published')).to.have.members(['page', 'grafana']);
    for (const [name, { internal }] of Object.entries(compose.networks))
      expect(internal ?? false, name).to.equal(name !== 'published');
    expect(all.flatMap(([, { ports = [] }]) => ports)).to.have.members(['127.0.0.1:8090:8090', '127.0.0.1:3000:3000']);
  });

  it('has no password of its own, and does not start without yours', () => {
    const text = read('docker-compose.yml');
    for (const [, name, fallback] of text.matchAll(/\$\{(\w*PASSWORD):-([^}]*)\}/g)) expect(fallback, name).to.equal('');
    const given = all
      .flatMap(([, { environment = {} }]) => Object.entries(environment))
      .filter(([name]) => name.includes('PASSWORD'));
    for (const [name, value] of given) expect(value, name).to.match(/^\$\{\w+:-\}$/);
    expect(service('grafana').entrypoint?.join(' ')).to.contain('${GF_SECURITY_ADMIN_PASSWORD:?');
    expect(read('deploy/compose/kafka.sh')).to.contain('${KAFKA_PASSWORD:?');
    expect(() => loadConfig(read('deploy/compose/config.yaml'), '/c.yaml', { KAFKA_PASSWORD: '' })).to.throw('password');
    expect(() => loadConfig(read('deploy/compose/page.yaml'), '/c.yaml', { PAGE_TOKEN_HASH: '' })).to.throw('hash');
  });

  it('scrapes every part of the whole installation, with our alerts and our dashboard', () => {
    const { scrape_configs, rule_files } = parse(read('deploy/compose/prometheus.yml')) as {
      readonly scrape_configs: readonly { readonly static_configs: readonly { readonly targets: readonly string[] }[] }[];
      readonly rule_files: readonly string[];
    };
    const targets = scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((entry) => entry.targets));
    const port = wholeConfig.telemetry.listen?.split(':').pop();
    expect(targets).to.have.members(['sender', 'worker-1', 'worker-2'].map((name) => `${name}:${port}`));
    for (const file of rule_files) expect(service('prometheus').volumes.map(({ target }) => target)).to.include(file);
    const { providers } = parse(read('deploy/compose/grafana/dashboards/auditveil.yaml')) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    };
    const shown = service('grafana').volumes.find(({ target }) => target === providers[0]?.options.path);
    expect(shown?.source).to.equal('./deploy/grafana');
  });

  it('runs the image as the same user, without a shell between it and its signals', () => {
    const image = read('Containerfile');
    expect(image).to.match(/^USER 65532:65532$/m);
    expect(image).to.match(/^ENTRYPOINT \["node", /m);
    expect(image.match(/^FROM /gm)).to.have.length(2);
  });

  it('puts into the image what the package needs to run', () => {
    const copied = Array.from(
      read('Containerfile').matchAll(/^COPY --from=build \/app\/(\S+) \.\/\1$/gm),
      ([, folder]) => `${folder}/`,
    );
    const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
    const needed = files.filter((file) => !/\.md$|^LICENSE$/.test(file));
    expect(needed).to.include.members(['dist/src', 'dist/web/page.js']);
    for (const file of needed)
      expect(
        copied.some((folder) => `${file}/`.startsWith(folder)),
        file,
      ).to.equal(true);
  });

  it('publishes every file of the page', () => {
    const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
    const built = readdirSync(path.join(root, 'dist/web'), { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [`dist/web/${entry.name}`] : [],
    );
    expect(built.length).to.be.greaterThan(0);
    expect(files).to.include.members(built);
  });
});
