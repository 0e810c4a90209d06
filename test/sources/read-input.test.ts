import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { InputFramer } from '../../src/sources/frames/input-framer.ts';
import { openInput } from '../../src/sources/read-input.ts';
import { eventsOf, framing } from './frames/framing.ts';

async function read(name: string, stdin: Readable = Readable.from([])): Promise<string[]> {
  const input = await openInput(name, stdin);
  const texts: string[] = [];
  for await (const tile of input.tiles(new InputFramer(framing('split')))) texts.push(...eventsOf([tile]).map((e) => e.text));
  return texts;
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(Fault);
    return error as Fault;
  }
  throw new Error('no fault');
}

describe('sources/read-input', () => {
  const lines = Array.from({ length: 40_000 }, (_, n) => `{"auditID":"${n}","pad":"${'x'.repeat(n % 90)}"}`);
  const text = `${lines.join('\n')}\n`;
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-input-'));
    await writeFile(join(folder, 'plain.log'), text);
    await writeFile(join(folder, 'packed.log'), Buffer.concat([gzipSync(text.slice(0, 1000)), gzipSync(text.slice(1000))]));
    await writeFile(join(folder, 'cut.log.gz'), gzipSync(text).subarray(0, 20_000));
    await writeFile(join(folder, 'empty'), '');
  });
  after(() => rm(folder, { recursive: true }));

  it('reads a plain file', async () => {
    expect(await read(join(folder, 'plain.log'))).to.deep.equal(lines);
  });

  it('reads gzip by its first bytes, whatever the name says, also when it has several members', async () => {
    expect(await read(join(folder, 'packed.log'))).to.deep.equal(lines);
  });

  it('reads standard input, plain and gzip, in chunks of any size', async () => {
    const chunks = (bytes: Buffer, size: number) =>
      Readable.from(Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)));
    expect(await read('-', chunks(Buffer.from(text), 1_000))).to.deep.equal(lines);
    expect(await read('-', chunks(gzipSync(text), 777))).to.deep.equal(lines);
    expect(await read('-')).to.deep.equal([]);
  });

  it('gives a line as soon as a slow writer wrote it', async () => {
    const stdin = new PassThrough();
    const input = await openInput('-', stdin);
    const tiles = input.tiles(new InputFramer(framing('split')));
    stdin.write('{"a":1}\n{"a":');
    const first = await tiles.next();
    expect(first.done !== true && eventsOf([first.value]).map((e) => e.text)).to.deep.equal(['{"a":1}']);
    stdin.end('2}\n');
    const second = await tiles.next();
    expect(second.done !== true && eventsOf([second.value]).map((e) => e.text)).to.deep.equal(['{"a":2}']);
  });

  it('uses what a damaged gzip file still gives, then says what is wrong', async () => {
    const input = await openInput(join(folder, 'cut.log.gz'), Readable.from([]));
    let count = 0;
    const fault = await faultOf(
      (async () => {
        for await (const tile of input.tiles(new InputFramer(framing('split')))) count += tile.count;
      })(),
    );
    expect(fault.code).to.equal('E_INPUT_GZIP');
    expect(count).to.be.greaterThan(100);
  });

  it('says what is wrong with a name', async () => {
    expect((await faultOf(read(join(folder, 'missing')))).message).to.match(/there is no such file/);
    expect((await faultOf(read(folder))).message).to.match(/is a folder/);
    expect(await read(join(folder, 'empty'))).to.deep.equal([]);
  });
});
