import { wasmModule } from '../wasmModule.ts';
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

/** The kernel on memory of its own, of at least so many bytes. */
export const newDenseKernel = /* @__PURE__ */ wasmModule<DenseKernel>('newDenseKernel', denseKernelWasm);
