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
    countRows: ({ planAt, shard, first, rows }) => {
      kernel.countRows(planAt, shard, first, rows);
    },
    splitRows: ({ planAt, shard, leaf, newLeaf, column, counted }) => {
      kernel.splitRows(planAt, shard, leaf, newLeaf, column, counted);
    },
    searchColumns: ({ planAt, shard, counted, parent }) => {
      kernel.searchColumns(planAt, shard, counted, parent);
    },
    growSplits: ({ planAt, weight, target }) => kernel.growSplits(planAt, weight, target),
    listRows: ({ rowsAt, first, count }) => {
      kernel.listRows(rowsAt, first, count);
    },
    sortNumbers: ({ numbersAt, count, spareAt, countsAt }) => {
      kernel.sortNumbers(numbersAt, count, spareAt, countsAt);
    },
    encodeOrdered: ({ valuesAt, count, edgesAt, codesAt }) => {
      kernel.encodeOrdered(valuesAt, count, edgesAt, codesAt);
    },
    takeGradients: ({ first, count, marginsAt, weightsAt, labelsAt, gradientsAt, sigmoidAt }) => {
      kernel.takeGradients(first, count, marginsAt, weightsAt, labelsAt, gradientsAt, sigmoidAt);
    },
    addToMargins: ({ rowsAt, count, marginsAt, value }) => {
      kernel.addToMargins(rowsAt, count, marginsAt, value);
    },
    scoreNarrow: ({ nodesAt, valuesAt, codesAt, stride, rows, sumsAt }) => {
      kernel.scoreNarrow(nodesAt, valuesAt, codesAt, stride, rows, sumsAt);
    },
    scoreWide: ({ nodesAt, valuesAt, codesAt, stride, rows, sumsAt }) => {
      kernel.scoreWide(nodesAt, valuesAt, codesAt, stride, rows, sumsAt);
    },
  };
}
