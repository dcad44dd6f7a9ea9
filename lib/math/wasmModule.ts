const pageBytes = 65_536;
/** What WebAssembly can address. */
const maxPages = 65_536;

/** A kernel and the memory that it works on, which other threads' kernels can work on too. */
export interface OnMemory<Kernel> {
  kernel: Kernel;
  memory: WebAssembly.Memory;
  buffer: SharedArrayBuffer;
}

/**
 * Compiles a kernel of assembly/ when it is first asked for, and gives one on memory of its own, of at least so many bytes, or on that of
 * another. Throws where WebAssembly cannot address as many.
 */
export function wasmModule<Kernel>(
  name: string,
  base64: string,
): (on: number | WebAssembly.Memory) => OnMemory<Kernel> {
  let compiled: WebAssembly.Module | undefined;
  return (on) => {
    const memory = typeof on === 'number' ? memoryOf(name, on) : on;
    compiled ??= new WebAssembly.Module(Buffer.from(base64, 'base64'));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    // a browser's types know of no memory that is shared
    const buffer = memory.buffer as ArrayBufferLike as SharedArrayBuffer;
    return { kernel: exports as unknown as Kernel, memory, buffer };
  };
}

function memoryOf(name: string, bytes: number): WebAssembly.Memory {
  const initial = Math.ceil(bytes / pageBytes) + 1;
  if (initial > maxPages) throw new RangeError(`${name}: ${bytes} bytes are more than 4 GB`);
  return new WebAssembly.Memory({ initial, maximum: initial, shared: true });
}
