import { wasmModule } from '../../math/wasmModule.ts';
import { stageKernelWasm } from './generated/stageKernelWasm.ts';

type Exported = (...positions: number[]) => number;

/** What assembly/stageKernel.ts exports, which says what it does; positions count from the memory's start. */
export type StageKernel = Record<
  | 'bucketRows'
  | 'countBuckets'
  | 'partNumbers'
  | 'partTexts'
  | 'setUp'
  | 'writeTexts'
  | 'writeWholes'
  | 'writeIntegers'
  | 'writeDoubles',
  Exported
>;

export const newStageKernel = /* @__PURE__ */ wasmModule<StageKernel>('stage', stageKernelWasm);
