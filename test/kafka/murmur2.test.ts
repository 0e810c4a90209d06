import { expect } from 'chai';
import { murmur2, partitionOf } from '../../src/kafka/murmur2.ts';

const hash = (text: string): number => murmur2(new TextEncoder().encode(text));

describe('murmur2', () => {
  it('gives what the clients of Kafka give', () => {
    // Source: the vectors that the Java client, librdkafka and Sarama test themselves with.
    expect(hash('21')).to.equal(-973932308);
    expect(hash('foobar')).to.equal(-790332482);
    expect(hash('a-little-bit-long-string')).to.equal(-985981536);
    expect(hash('a-little-bit-longer-string')).to.equal(-1486304829);
    expect(hash('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8')).to.equal(-58897971);
    expect(hash('abc')).to.equal(479470107);
  });

  it('names a partition that there is, and spreads keys over all', () => {
    const seen = new Set(Array.from({ length: 200 }, (_, i) => partitionOf(`cluster/${i}`, 7)));
    expect([...seen].sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6]);
  });
});
