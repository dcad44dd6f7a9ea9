import { treeKernelWasm } from './generated/treeKernelWasm.ts';
import type { TreeKernel } from './treeKernel.ts';

/** What assembly/treeKernel.ts exports: the kernel's functions, their arguments in a row. */
type Exported = Record<keyof TreeKernel, (...positions: number[]) => number>;

let compiled: WebAssembly.Module | undefined;

/** The kernel in WebAssembly, on shared memory; its positions count from the memory's start. */
export function wasmKernel(memory: WebAssembly.Memory): TreeKernel {
  compiled ??= new WebAssembly.Module(Buffer.from(treeKernelWasm, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const kernel = exports as unknown as Exported;
  return {
    sumColumn: ({ entriesAt, count, columnAt, histogramAt, sumsAt }) =>
      kernel.sumColumn(entriesAt, count, columnAt, histogramAt, sumsAt),
    partitionEntries: ({ entriesAt, count, columnAt, tableAt, spareAt }) =>
      kernel.partitionEntries(entriesAt, count, columnAt, tableAt, spareAt),
    addRows: ({ rowsAt, count, codesAt, columns, gradientsAt, histogramsAt }) => {
      kernel.addRows(rowsAt, count, codesAt, columns, gradientsAt, histogramsAt);
    },
    listRows: ({ rowsAt, first, count }) => {
      kernel.listRows(rowsAt, first, count);
    },
    partitionRows: ({ rowsAt, count, codesAt, columns, tableAt, spareAt }) =>
      kernel.partitionRows(rowsAt, count, codesAt, columns, tableAt, spareAt),
    addBlock: ({ blockAt, histogramsAt, numbers }) => {
      kernel.addBlock(blockAt, histogramsAt, numbers);
    },
    setBlock: ({ blockAt, histogramsAt, numbers }) => {
      kernel.setBlock(blockAt, histogramsAt, numbers);
    },
    mergeColumn: ({ partsAt, parts, offset, sumsAt }) => {
      kernel.mergeColumn(partsAt, parts, offset, sumsAt);
    },
    bestThreshold: ({ partsAt, parts, columnsAt, columns, weight, target, ...span }) => {
      const { lambda, minWeight, least, sumsAt, foundAt } = span;
      const sums = [weight, target, lambda, minWeight, least] as const;
      return kernel.bestThreshold(partsAt, parts, columnsAt, columns, ...sums, sumsAt, foundAt) === 1;
    },
    subtract: ({ histogramsAt, takenAt, numbers }) => {
      kernel.subtract(histogramsAt, takenAt, numbers);
    },
    encodeOrdered: ({ valuesAt, count, edgesAt, codesAt }) => {
      kernel.encodeOrdered(valuesAt, count, edgesAt, codesAt);
    },
    takeGradients: ({ first, count, marginsAt, weightsAt, labelsAt, gradientsAt, sigmoidAt }) => {
      kernel.takeGradients(first, count, marginsAt, weightsAt, labelsAt, gradientsAt, sigmoidAt);
    },
    scoreNarrow: ({ nodesAt, valuesAt, codesAt, stride, rows, sumsAt }) => {
      kernel.scoreNarrow(nodesAt, valuesAt, codesAt, stride, rows, sumsAt);
    },
    scoreWide: ({ nodesAt, valuesAt, codesAt, stride, rows, sumsAt }) => {
      kernel.scoreWide(nodesAt, valuesAt, codesAt, stride, rows, sumsAt);
    },
  };
}
