import { Fault } from '../../core/faults.ts';
import type { KernelExports } from './kernel-layout.ts';

/**
 * Makes the kernel's memory and an instance over it. `name` is asked of names that it does not know (see assembly/walk.ts).
 * @throws Fault E_SCAN_KERNEL where this runtime cannot run it
 */
export function compileKernel(
  module: Uint8Array,
  pages: number,
  name: (start: number) => number,
): { readonly memory: WebAssembly.Memory; readonly exports: KernelExports } {
  try {
    const memory = new WebAssembly.Memory({ initial: pages });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory, name } });
    return { memory, exports: instance.exports as unknown as KernelExports };
  } catch (cause) {
    throw new Fault('the WebAssembly kernel does not run here', {
      code: 'E_SCAN_KERNEL',
      remedy: 'Set AUDITVEIL_SCANNER=js to use the TypeScript scanner alone.',
      cause,
    });
  }
}
