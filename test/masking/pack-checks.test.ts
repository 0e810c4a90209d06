import { expect } from 'chai';
import type { MaskOperation, Pack } from '../../src/masking/pack.ts';
import { checkPack } from '../../src/masking/pack-checks.ts';
import { PackSource } from '../../src/masking/pack-source.ts';

const source = new PackSource({ file: 'p.yml', text: 'id: p\n' });

/** Codes found in a pack with one rule that has examples. */
function codes(operation: MaskOperation): readonly string[] {
  const pack: Pack = {
    id: 'p',
    summary: 's',
    file: 'p.yml',
    names: {},
    rules: [
      {
        id: 'r',
        kind: 'k',
        category: 'secret',
        about: 'a',
        action: 'redact',
        pseudonym: 'token',
        enabled: true,
        operation,
        line: 1,
      },
    ],
    examples: ['gone', ''].map((gone) => ({
      name: 'e',
      rules: ['r'],
      text: 'gone',
      enable: [],
      gone: gone ? [gone] : [],
      stays: [],
      unchanged: !gone,
      line: 1,
    })),
  };
  return checkPack(pack, source, () => {}).map((fault) => fault.code);
}

describe('masking/pack-checks', () => {
  const structure = { type: 'structure', in: 'event', when: {}, event: {}, mask: ['a'] } as const;

  it('accepts paths with quoted names, wildcards and conditions', () => {
    expect(
      codes({
        ...structure,
        in: '**.spec."a.b/c".*',
        mask: ['data."x.y"', '*'],
        when: { 'metadata.name': 'x' },
        event: { 'objectRef.resource': ['a', 'b'] },
      }),
    ).to.deep.equal([]);
  });

  it('refuses paths that are none, wherever they stand', () => {
    for (const bad of ['', '.a', 'a.', 'a..b', '"a', 'a b']) {
      expect(codes({ ...structure, mask: [bad] }), bad).to.deep.equal(['E_PACK_PATH']);
      expect(codes({ ...structure, except: [bad] }), bad).to.deep.equal(['E_PACK_PATH']);
      expect(codes({ ...structure, when: { [bad]: 'x' } }), bad).to.deep.equal(['E_PACK_PATH']);
    }
    for (const bad of ['', 'spec', '*', '**spec', 'event.'])
      expect(codes({ ...structure, in: bad }), bad).to.deep.equal(['E_PACK_PATH']);
  });

  it('looks for classes in conditions too', () => {
    expect(codes({ ...structure, when: { name: { names: 'none' } } })).to.deep.equal(['E_PACK_CLASS']);
    expect(codes({ ...structure, event: { verb: { names: 'none' } } })).to.deep.equal(['E_PACK_CLASS']);
  });
});
