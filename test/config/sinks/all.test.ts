import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadConfig } from '../../../src/config/load-config.ts';
import { sinkDefinitions } from '../../../src/config/sinks/all.ts';
import type { SinkDefinition } from '../../../src/config/sinks/sink-definition.ts';
import { filesUnder } from '../../support/source-files.ts';

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

describe('config/sinks/all', () => {
  for (const definition of sinkDefinitions as readonly SinkDefinition[])
    describe(definition.type, () => {
      const env = Object.fromEntries((definition.exampleEnv ?? []).map((name) => [name, 'https://198.51.100.7/PLANTED-secret']));
      const text = `version: 1\ncluster: { name: lab }\nsources: [{ type: stdin }]\nsinks:\n${indented(definition.example)}`;

      it('has an example that loads, and secrets that do not print', () => {
        const { sinks } = loadConfig(text, '/etc/auditveil/config.yaml', env);
        expect(sinks.map(({ type }) => type)).to.deep.equal([definition.type]);
        if (/(password|secret|token|key): "?\$\{env:/i.test(definition.example))
          expect(JSON.stringify(sinks)).not.to.contain('PLANTED');
      });

      it('is tried with the contract of sinks', () => {
        // Beside the sink, or where its real server is started.
        const tests = [...filesUnder('test/sinks', '.test.ts'), ...filesUnder('test/integration', '.test.ts')];
        const own = tests.filter((name) => name.includes(`/${definition.type}`)).map((name) => readFileSync(name, 'utf8'));
        expect(own.some((test) => /\bsinkContract\(/.test(test))).to.equal(true);
      });

      it('says of itself what its page needs', () => {
        expect(definition.title).to.have.length.greaterThan(1);
        expect(definition.summary).to.have.length.greaterThan(30);
        expect(definition.caveats.length).to.be.greaterThan(0);
      });
    });
});
