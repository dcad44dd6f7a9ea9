import { stagedBuckets } from '../customerBucket.ts';
import type { ColumnChunk, FileColumn, RowGroup } from './footer.ts';
import { footer, magic } from './footer.ts';
import {
  type DeskLayout,
  outBytes,
  pageBytes,
  rowsOfFile,
  type SlotColumn,
  type SlotLayout,
} from './slotLayout.ts';
import type { StageKernel } from './stageKernel.ts';

/** Rows in the memory of a kernel. */
export interface PlacedRows {
  slot: SlotLayout;
  desk: DeskLayout;
  rows: number;
}

/** A kernel, and the memory that it works on. */
interface OnBuffer {
  kernel: StageKernel;
  buffer: SharedArrayBuffer;
}

/**
 * Writes a slot's rows as a Parquet file, handing on its bytes one part after the other; a part is written over when the call returns.
 * Neighbouring buckets of customers share a row group, in which rows stand bucket by bucket, as they came. In the file a column's chunks
 * stand together.
 */
export function writeSlot(
  { kernel, buffer }: OnBuffer,
  { slot, desk, rows }: PlacedRows,
  write: (part: Uint8Array) => void,
): void {
  const groups = groupsOf({ kernel, buffer }, { slot, desk, rows });
  const results = new Int32Array(buffer, desk.kernelAt, 6);
  write(magic);
  let offset = magic.length;
  for (const column of [...slot.columns, null]) {
    const writeChunk =
      column === null
        ? bucketWriter({ kernel, buffer }, desk)
        : partColumn({ kernel, buffer }, column, { slot, desk, rows });
    let at = desk.outAt;
    for (const group of groups) {
      const end = writeChunk(group, at);
      if (end > desk.outAt + outBytes) throw new Error(`writeSlot needs more than ${outBytes} bytes`);
      group.chunks.push(chunkOf(results, { column, offset: offset + at - desk.outAt, bytes: end - at }));
      at = end;
    }
    write(new Uint8Array(buffer, desk.outAt, at - desk.outAt));
    offset += at - desk.outAt;
  }
  write(footer(fileColumns(slot), groups));
}

/** Buckets of a row group: what reads some buckets has to look at every row group, so that fewer of them are read faster. */
const bucketsOfGroup = 2;

interface BucketGroup extends RowGroup {
  /** How many rows each of its buckets has. */
  buckets: { bucket: number; rows: number }[];
  /** Of its first row, when rows stand one bucket behind the other. */
  first: number;
  chunks: ColumnChunk[];
}

/** Groups of buckets that have rows. */
function groupsOf({ kernel, buffer }: OnBuffer, { slot, desk, rows }: PlacedRows): BucketGroup[] {
  const [customer] = slot.columns;
  if (customer?.kind !== 'text') throw new Error('writeSlot needs the ids of customers first');
  const { bucketsAt, arenaAt } = slot;
  const { md5At, blockAt, endsAt, lengthsAt } = desk;
  kernel.bucketRows(
    rows,
    ...[customer.startsAt, customer.lengthsAt, arenaAt, md5At, blockAt],
    ...[stagedBuckets - 1, lengthsAt, bucketsAt],
  );
  kernel.countBuckets(rows, bucketsAt, stagedBuckets, endsAt);
  const ends = [...new Uint32Array(buffer, endsAt, stagedBuckets)];
  const buckets = ends.map((end, bucket) => ({ bucket, rows: end - (ends[bucket - 1] ?? 0) }));
  return Array.from({ length: stagedBuckets / bucketsOfGroup }, (_, group): BucketGroup => {
    const [from, to] = [group * bucketsOfGroup, (group + 1) * bucketsOfGroup];
    const first = ends[from - 1] ?? 0;
    return { buckets: buckets.slice(from, to), first, rows: (ends[to - 1] ?? 0) - first, chunks: [] };
  }).filter((group) => group.rows > 0);
}

/** Makes a desk ready, once. */
export function setUpDesk({ kernel, buffer }: OnBuffer, desk: DeskLayout): void {
  new Uint32Array(buffer, desk.md5At, 4 * md5Constants.length).set(
    md5Constants.flatMap((one) => [one, one, one, one]),
  );
  if (kernel.setUp(desk.kernelAt, rowsOfFile, pageBytes) > desk.end)
    throw new Error(`setUpDesk needs memory beyond ${desk.end}`);
}

/** ⌊2³² |sin i|⌋ of RFC 1321. */
const md5Constants = /* @__PURE__ */ Array.from({ length: 64 }, (_, index) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(index + 1))),
);

/** Writes the chunk of a group's rows, and gives its end. */
type ChunkWriter = (group: BucketGroup, to: number) => number;

const bucketWriter =
  ({ kernel, buffer }: OnBuffer, { valuesAt }: DeskLayout): ChunkWriter =>
  ({ buckets, rows }, to) => {
    const values = new Int32Array(buffer, valuesAt, rows);
    let at = 0;
    for (const { bucket, rows: own } of buckets) {
      values.fill(bucket, at, at + own);
      at += own;
    }
    return kernel.writeIntegers(rows, valuesAt, to);
  };

/** Sizes of numbers, as powers of two. */
const [fourBytes, eightBytes] = [2, 3] as const;

/** Deals a column's values out to the buckets. */
function partColumn(
  { kernel, buffer }: OnBuffer,
  column: SlotColumn,
  { slot, desk, rows }: PlacedRows,
): ChunkWriter {
  const { bucketsAt, arenaAt } = slot;
  const { endsAt, cursorsAt, lengthsAt, valuesAt, textsAt } = desk;
  const dealt = [rows, bucketsAt, stagedBuckets, endsAt, cursorsAt] as const;
  if (column.kind === 'text') {
    kernel.partNumbers(...dealt, column.lengthsAt, fourBytes, lengthsAt);
    kernel.partTexts(
      ...dealt,
      ...[column.startsAt, column.lengthsAt, arenaAt, lengthsAt, textsAt, bucketsOfGroup, valuesAt],
    );
    const texts = [...new Uint32Array(buffer, textsAt, stagedBuckets)];
    return ({ rows: count, first, buckets }, to) =>
      kernel.writeTexts(count, lengthsAt + 4 * first, valuesAt + textsOf(texts, buckets), to);
  }
  if (column.kind === 'integer') {
    kernel.partNumbers(...dealt, column.valuesAt, fourBytes, valuesAt);
    return (group, to) => kernel.writeIntegers(group.rows, valuesAt + 4 * group.first, to);
  }
  kernel.partNumbers(...dealt, column.valuesAt, eightBytes, valuesAt);
  if (column.kind === 'double')
    return (group, to) => kernel.writeDoubles(group.rows, valuesAt + 8 * group.first, to);
  return (group, to) => {
    const end = kernel.writeWholes(group.rows, valuesAt + 8 * group.first, to);
    if (end === 0) throw new Error(`a stage needs whole numbers of at most 53 bits as ${column.name}`);
    return end;
  };
}

/** Where a group's texts begin: those of its first bucket, be there some or none. */
const textsOf = (texts: readonly number[], [first]: BucketGroup['buckets']): number =>
  texts[first?.bucket ?? 0] as number;

function chunkOf(
  results: Int32Array,
  { column, offset, bytes }: { column: SlotColumn | null; offset: number; bytes: number },
): ColumnChunk {
  const [dictionaryBytes = 0, plainBytes = 0, nulls = 0, encoding = 0, least = 0, greatest = 0] = results;
  const hasRange = column === null || (column.kind === 'integer' && least <= greatest);
  return {
    ...{ offset, bytes, dictionaryBytes, plainBytes, nulls, encoding },
    range: hasRange ? { least, greatest } : null,
  };
}

const fileColumns = ({ columns }: SlotLayout): FileColumn[] => [
  ...columns,
  { name: 'bucket', type: 'INTEGER' },
];
