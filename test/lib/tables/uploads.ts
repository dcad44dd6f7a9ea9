import { gzipSync } from 'node:zlib';
import type { TableSource } from '../../../lib/tables/types.ts';

/** An upload held in memory, handed out in chunks of the given sizes, over and over. */
export function upload(
  content: string | Uint8Array,
  { key = 'customers/may.csv', chunkSizes = [65_536] }: { key?: string; chunkSizes?: number[] } = {},
): TableSource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    key,
    async *open() {
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = Math.max(1, chunkSizes[turn % chunkSizes.length] ?? 1);
        yield bytes.subarray(at, at + size);
        at += size;
      }
    },
  };
}

export const gzipped = (text: string): Uint8Array => gzipSync(text);

export type TestEncoding =
  | 'utf-8'
  | 'utf-8 with BOM'
  | 'utf-16le'
  | 'utf-16le with BOM'
  | 'utf-16be'
  | 'utf-16be with BOM'
  | 'gb18030';

export function encode(text: string, encoding: TestEncoding): Uint8Array {
  const marked = encoding.endsWith(' with BOM') ? `\uFEFF${text}` : text;
  if (encoding.startsWith('utf-16')) {
    const bytes = Buffer.from(marked, 'utf16le');
    return encoding.startsWith('utf-16be') ? bytes.swap16() : bytes;
  }
  return encoding === 'gb18030' ? encodeGb18030(text) : Buffer.from(marked);
}

/** By turning the platform's decoder around: all pairs, all fours of the basic plane, and arithmetic above it. */
function encodeGb18030(text: string): Uint8Array {
  gb18030Table ??= makeGb18030Table();
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code >= 0x10000) bytes.push(...fourBytes(code - 0x10000 + 189_000));
    else bytes.push(...(gb18030Table.get(character) ?? []));
  }
  return Uint8Array.from(bytes);
}

let gb18030Table: Map<string, number[]> | undefined;

function makeGb18030Table(): Map<string, number[]> {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, number[]>();
  const add = (bytes: number[]) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if (text.length === 1 && text !== '\uFFFD' && !table.has(text)) table.set(text, bytes);
  };
  for (let first = 0x81; first <= 0xfe; first++)
    for (let second = 0x40; second <= 0xfe; second++) add([first, second]);
  for (let linear = 0; linear < 39_420; linear++) add(fourBytes(linear));
  return table;
}

const fourBytes = (linear: number): number[] => [
  0x81 + Math.floor(linear / 12_600),
  0x30 + (Math.floor(linear / 1_260) % 10),
  0x81 + (Math.floor(linear / 10) % 126),
  0x30 + (linear % 10),
];
