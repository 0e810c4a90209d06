import { expect } from 'chai';
import fc from 'fast-check';
import { ChunkAssembler, readChunk, splitMessage } from '../../src/kafka/chunks.ts';

const nameOf = (n: number): Uint8Array => new Uint8Array(16).fill(n);
const bodies = (message: Uint8Array, name: number, pieceBytes: number): readonly Uint8Array[] =>
  [...splitMessage(message, nameOf(name), pieceBytes)].map((parts) => Buffer.concat(parts));

function assembler(options: Partial<ConstructorParameters<typeof ChunkAssembler>[0]> = {}) {
  const givenUp: string[] = [];
  const made = new ChunkAssembler({
    maxBytes: 1_000_000,
    maxAgeMs: 1_000,
    givenUp: (partition, reason) => givenUp.push(`${partition} ${reason}`),
    ...options,
  });
  let offset = 0n;
  const add = (body: Uint8Array, partition = 0, nowMs = 0): Uint8Array | undefined => {
    const chunk = readChunk(body);
    if (!chunk) throw new Error('no chunk');
    return made.add(partition, offset++, chunk, nowMs);
  };
  return { made, add, givenUp };
}

describe('chunks', () => {
  it('come together whatever their order, mix and repeats', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 90 }),
        fc.infiniteStream(fc.nat()),
        (one, two, pieceBytes, order) => {
          const sent = [...bodies(one, 1, pieceBytes), ...bodies(two, 2, pieceBytes)];
          const mixed = sent.map((body) => ({ body, at: order.next().value as number })).sort((a, b) => a.at - b.at);
          const { add, givenUp } = assembler();
          const whole = mixed.flatMap(({ body }) => add(body) ?? []);
          expect(whole.map((bytes) => Buffer.from(bytes).toString('hex')).sort()).to.deep.equal(
            [one, two].map((bytes) => Buffer.from(bytes).toString('hex')).sort(),
          );
          expect(givenUp).to.deep.equal([]);
        },
      ),
    );
  });

  it('hold the place of the first piece until the message is whole', () => {
    const { made, add } = assembler();
    const [first, second, third] = bodies(Buffer.alloc(30), 1, 10) as [Uint8Array, Uint8Array, Uint8Array];
    add(first);
    add(second);
    expect(made.heldAt(0)).to.equal(0n);
    expect(made.heldAt(1)).to.equal(undefined);
    expect(add(first)).to.equal(undefined);
    expect(add(third)).to.have.length(30);
    expect(made.heldAt(0)).to.equal(undefined);
  });

  it('are given up, and counted, when too old, too many or not what they said', () => {
    const { made, add, givenUp } = assembler({ maxBytes: 100 });
    add(bodies(Buffer.alloc(60), 1, 40)[0] as Uint8Array, 3);
    add(bodies(Buffer.alloc(90), 2, 80)[0] as Uint8Array, 4, 900);
    expect(givenUp, 'the older makes room').to.deep.equal(['3 room']);
    made.expire(1_900);
    expect(givenUp).to.have.length(1);
    made.expire(1_901);
    expect(givenUp).to.deep.equal(['3 room', '4 age']);
    add(bodies(Buffer.alloc(200), 3, 40)[0] as Uint8Array, 5);
    expect(givenUp.at(-1), 'larger than all that may wait').to.equal('5 room');
  });

  it('of partitions that another worker reads are forgotten', () => {
    const { made, add, givenUp } = assembler();
    const [first, second] = bodies(Buffer.alloc(20), 1, 10) as [Uint8Array, Uint8Array];
    add(first, 1);
    add(first, 2);
    made.keepOnly([2]);
    expect([made.heldAt(1), made.heldAt(2), givenUp.length]).to.deep.equal([undefined, 1n, 0]);
    expect(add(second, 1)).to.equal(undefined);
    expect(add(second, 2)).to.have.length(20);
  });

  it('are not read from bytes that cannot be one', () => {
    const [first] = bodies(Buffer.alloc(20), 1, 10) as [Uint8Array];
    expect(readChunk(first.subarray(0, 28))).to.equal(undefined);
    const wrong = first.slice();
    wrong[16] = 2;
    expect(readChunk(wrong), 'piece 2 of 2, counted from 0').to.equal(undefined);
  });
});
