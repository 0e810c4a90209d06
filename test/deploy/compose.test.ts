import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { root } from '../support/source-files.ts';

interface Service {
  readonly command: readonly string[];
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly ulimits: { readonly core: number };
  readonly volumes: readonly { readonly source: string; readonly target: string; readonly read_only?: boolean }[];
}

const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const compose = parse(read('docker-compose.yml')) as { readonly services: { readonly agent: Service } };
const { agent } = compose.services;
const configText = read('deploy/config.yaml');

describe('deploy/compose', () => {
  it('ships a configuration that loads', () => {
    expect(loadConfig(configText, '/etc/auditveil/config.yaml', {}).sinks).to.have.length(1);
  });

  it('mounts the configuration it starts the agent with', () => {
    const mounted = agent.volumes.find(({ target }) => agent.command.includes(target));
    expect(mounted?.source).to.equal('./deploy/config.yaml');
  });

  it('gives the agent only what it needs: no root, no capabilities, nothing to write outside its volume', () => {
    expect(agent.user).to.equal('65532:65532');
    expect(agent.read_only).to.equal(true);
    expect(agent.cap_drop).to.deep.equal(['ALL']);
    expect(agent.security_opt).to.include('no-new-privileges:true');
    expect(agent.ulimits.core).to.equal(0);
  });

  it('writes only where a writable volume is, and reads the log from a read-only one', () => {
    const config = loadConfig(configText, '/etc/auditveil/config.yaml', {});
    const under = (file: string): Service['volumes'][number] | undefined =>
      agent.volumes.find(({ target }) => file.startsWith(`${target}/`));
    const [source] = config.sources;
    const written = [
      config.log.directory,
      config.masking.keyFile ?? '',
      ...config.sinks.flatMap((sink) => ('path' in sink ? sink.path : [])),
    ];
    for (const file of written) expect(under(file)?.read_only ?? false, file).to.equal(false);
    for (const file of written) expect(under(file), file).not.to.equal(undefined);
    expect(source?.type === 'file' && under(source.path)?.read_only).to.equal(true);
  });

  it('runs the image as the same user, without a shell between it and its signals', () => {
    const image = read('Containerfile');
    expect(image).to.match(/^USER 65532:65532$/m);
    expect(image).to.match(/^ENTRYPOINT \["node", /m);
    expect(image.match(/^FROM /gm)).to.have.length(2);
  });
});
