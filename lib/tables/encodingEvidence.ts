import { isAscii } from 'node:buffer';
import type { Decoding } from './encoding.ts';

/** As much text beyond ASCII as is looked at. */
const sampleBytes = 4 << 20;

/**
 * What to try for a file that is not strict UTF-8. UTF-8 with a few broken bytes stays UTF-8, so that only the rows with
 * those bytes suffer; then GB18030, which nearly any bytes in pairs fit, only where they look like Chinese; else
 * windows-1252, which fits everything and is therefore a guess that the caller has to state.
 */
export async function weighEncodings(chunks: AsyncIterable<Uint8Array>): Promise<Decoding> {
  const sample = Buffer.concat(await nonAsciiSample(chunks));
  const utf8 = countCharacters(sample, 'utf-8');
  if (utf8.whole >= 10 * utf8.broken) return { encoding: 'utf-8', damaged: true };
  const gb = countCharacters(sample, 'gb18030');
  const looksChinese = countPairs(sample);
  if (looksChinese && gb.broken === 0) return { encoding: 'gb18030', damaged: false };
  if (looksChinese && gb.whole >= 50 * gb.broken) return { encoding: 'gb18030', damaged: true };
  return { encoding: 'windows-1252', damaged: false };
}

/** Chunks with text beyond ASCII; each keeps its neighbour bytes, so a character is cut only at a chunk's end. */
async function nonAsciiSample(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const sample: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (isAscii(chunk)) continue;
    sample.push(chunk);
    length += chunk.length;
    if (length >= sampleBytes) break;
  }
  return sample;
}

function countCharacters(bytes: Uint8Array, encoding: string): { whole: number; broken: number } {
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  let whole = 0;
  let broken = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) broken++;
    else if (code > 0x7f) whole++;
  }
  return { whole, broken };
}

/**
 * Chinese in GB18030 is mostly two bytes above 0x80, or high byte and digit twice; an accented letter of a western
 * encoding stands between plain letters, and would be read as a pair with the next one.
 */
function countPairs(bytes: Uint8Array): boolean {
  let chinese = 0;
  let western = 0;
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] as number) < 0x80) continue;
    const second = bytes[at + 1] ?? 0;
    const fourBytes = second >= 0x30 && second <= 0x39 && (bytes[at + 2] ?? 0) > 0x80;
    if (second >= 0x80 || fourBytes) chinese++;
    else western++;
    at += fourBytes ? 3 : 1;
  }
  return chinese > western;
}
