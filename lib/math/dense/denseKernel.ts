import { denseKernelWasm } from './generated/denseKernelWasm.ts';

/** What assembly/denseKernel.ts exports; positions count from the memory's start. */
export interface DenseKernel {
  invertNegated(matrixAt: number, spareAt: number, size: number): number;
  sumRows(
    targetAt: number,
    matrixAt: number,
    width: number,
    rowsAt: number,
    weightsAt: number,
    count: number,
  ): void;
}

const pageBytes = 65_536;
/** What WebAssembly can address. */
const maxPages = 65_536;

let compiled: WebAssembly.Module | undefined;

/** The kernel on memory of its own, of at least so many bytes. Throws where WebAssembly cannot address as many. */
export function newDenseKernel(bytes: number): { kernel: DenseKernel; buffer: SharedArrayBuffer } {
  const initial = Math.ceil(bytes / pageBytes) + 1;
  if (initial > maxPages) throw new RangeError(`newDenseKernel: ${bytes} bytes are more than 4 GB`);
  const memory = new WebAssembly.Memory({ initial, maximum: initial, shared: true });
  compiled ??= new WebAssembly.Module(Buffer.from(denseKernelWasm, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  // a browser's types know of no memory that is shared
  const buffer = memory.buffer as ArrayBufferLike as SharedArrayBuffer;
  return { kernel: exports as unknown as DenseKernel, buffer };
}
