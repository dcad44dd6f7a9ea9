import { type Layout, newLayout } from '../math/memoryLayout.ts';
import { wasmModule } from '../math/wasmModule.ts';
import { rowKernelWasm } from './generated/rowKernelWasm.ts';

/** What assembly/rowKernel.ts exports; positions count from the memory's start. */
export type RowKernel = Record<'markBytes' | 'readRows' | 'addWord', (...arguments_: number[]) => number>;

/** A kernel with its memory, for one file at a time. */
export interface RowMachine {
  kernel: RowKernel;
  buffer: SharedArrayBuffer;
}

/** A block of a file is no longer. */
export const blockBytes = 1 << 20;
/** So many rows are read at once. */
export const mostRows = 2048;

/** A block, what is noted of it, and what some thirty columns hold of its rows. */
const memoryBytes = 4 * blockBytes;

const newMachine = /* @__PURE__ */ wasmModule<RowKernel>('rowKernel', rowKernelWasm);
const idle: RowMachine[] = [];

/** A machine that is nobody else's until it is given back. One that never is goes as its borrower goes. */
export const borrowMachine = (): RowMachine => idle.pop() ?? newMachine(memoryBytes);

export function giveBack(machine: RowMachine): void {
  idle.push(machine);
}

/** Parts of a machine's memory, one behind the other; the first is the block. */
export class MachineRoom {
  readonly machine: RowMachine;
  readonly block: Uint8Array;
  readonly #buffer: SharedArrayBuffer;
  readonly #layout: Layout = newLayout();

  constructor(machine: RowMachine) {
    this.machine = machine;
    this.#buffer = machine.buffer;
    this.block = this.bytes(blockBytes);
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#take(length), length);
  }

  signedBytes(length: number): Int8Array {
    return new Int8Array(this.#buffer, this.#take(length), length);
  }

  integers(length: number): Int32Array {
    return new Int32Array(this.#buffer, this.#take(4 * length), length);
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(8 * length), length);
  }

  #take(bytes: number): number {
    const at = this.#layout.take(bytes);
    if (this.#layout.bytes > memoryBytes)
      throw new RangeError(`MachineRoom: ${this.#layout.bytes} bytes are more than ${memoryBytes}`);
    return at;
  }
}
