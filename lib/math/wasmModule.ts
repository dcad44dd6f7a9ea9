const pageBytes = 65_536;
/** What WebAssembly can address. */
const maxPages = 65_536;

/**
 * Compiles a kernel of assembly/ when it is first asked for, and gives one on memory of its own, of at least so many bytes. Throws where
 * WebAssembly cannot address as many.
 */
export function wasmModule<Kernel>(
  name: string,
  base64: string,
): (bytes: number) => { kernel: Kernel; buffer: SharedArrayBuffer } {
  let compiled: WebAssembly.Module | undefined;
  return (bytes) => {
    const initial = Math.ceil(bytes / pageBytes) + 1;
    if (initial > maxPages) throw new RangeError(`${name}: ${bytes} bytes are more than 4 GB`);
    const memory = new WebAssembly.Memory({ initial, maximum: initial, shared: true });
    compiled ??= new WebAssembly.Module(Buffer.from(base64, 'base64'));
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    // a browser's types know of no memory that is shared
    const buffer = memory.buffer as ArrayBufferLike as SharedArrayBuffer;
    return { kernel: exports as unknown as Kernel, buffer };
  };
}
