import { plainKernel } from './plainKernel.ts';
import type { TreeKernel } from './treeKernel.ts';
import { wasmKernel } from './wasmKernel.ts';

/** `wasm` where there is WebAssembly, else `plain`: both give the same bytes. */
export type KernelName = 'wasm' | 'plain';

/** A buffer that workers can share: the memory of the WebAssembly kernel, or plain shared memory. */
export interface Arena {
  memory: WebAssembly.Memory | SharedArrayBuffer;
}

const pageBytes = 65_536;
/** What WebAssembly can address. */
const maxPages = 65_536;

export function newArena(bytes: number, kernel: KernelName = defaultKernel()): Arena {
  // one more, since no position may lie beyond the end
  const pages = Math.ceil(bytes / pageBytes) + 1;
  if (kernel === 'plain' || pages > maxPages) return { memory: new SharedArrayBuffer(pages * pageBytes) };
  return { memory: new WebAssembly.Memory({ initial: pages, maximum: maxPages, shared: true }) };
}

export const defaultKernel = (): KernelName => (typeof WebAssembly === 'object' ? 'wasm' : 'plain');

export const bufferOf = ({ memory }: Arena): SharedArrayBuffer =>
  memory instanceof SharedArrayBuffer ? memory : memory.buffer;

export const kernelOf = ({ memory }: Arena): TreeKernel =>
  memory instanceof SharedArrayBuffer ? plainKernel(memory) : wasmKernel(memory);
