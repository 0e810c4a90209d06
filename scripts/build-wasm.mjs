// Compiles the AssemblyScript kernels to <out>/src/scan/simd/kernel.wasm. usage: node scripts/build-wasm.mjs [OUT_DIR]
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildStep, filesBelow } from './up-to-date.mjs';

const out = path.join(process.argv[2] ?? 'dist', 'src/scan/simd');
const kernel = path.join(out, 'kernel.wasm');
mkdirSync(out, { recursive: true });

async function build() {
  const { default: asc } = await import('assemblyscript/asc');
  const { error, stderr } = await asc.main([
    'src/scan/simd/assembly/index.ts',
    '--outFile', kernel,
    '--runtime', 'stub',
    '--enable', 'simd',
    '--optimizeLevel', '3',
    '--noAssert',
    '--importMemory',
    '--use', 'abort=',
  ]);
  if (error) {
    process.stderr.write(`${stderr.toString()}\n`);
    process.exit(1);
  }
}

await buildStep({
  stamp: `${kernel}.stamp`,
  inputs: filesBelow('src/scan/simd/assembly', 'scripts/build-wasm.mjs', 'package-lock.json'),
  outputs: [kernel],
  build,
});
