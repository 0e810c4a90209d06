// Compiles the AssemblyScript kernels to <out>/src/scan/simd/kernel.wasm. usage: node scripts/build-wasm.mjs [OUT_DIR]
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

const out = path.join(process.argv[2] ?? 'dist', 'src/scan/simd');
mkdirSync(out, { recursive: true });
const { error, stderr } = await asc.main([
  'src/scan/simd/assembly/index.ts',
  '--outFile', path.join(out, 'kernel.wasm'),
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
