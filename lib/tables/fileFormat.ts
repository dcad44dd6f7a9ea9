import { sniffEncoding } from './encoding.ts';
import { TableRejected } from './types.ts';

/** Formats that are uploaded under the name of a CSV, by their first bytes. */
const formats: { starts: number[]; name: string }[] = [
  { starts: [0x50, 0x4b, 0x03, 0x04], name: 'an Excel workbook (.xlsx) or another zip archive' },
  { starts: [0xd0, 0xcf, 0x11, 0xe0], name: 'an old Excel workbook (.xls)' },
  { starts: [...Buffer.from('PAR1')], name: 'a Parquet file' },
  { starts: [...Buffer.from('%PDF')], name: 'a PDF' },
  { starts: [0x28, 0xb5, 0x2f, 0xfd], name: 'a Zstandard archive' },
  { starts: [0x37, 0x7a, 0xbc, 0xaf], name: 'a 7-Zip archive' },
  { starts: [...Buffer.from('BZh')], name: 'a bzip2 archive' },
  { starts: [...Buffer.from('SQLite format 3')], name: 'an SQLite database' },
  { starts: [0x89, 0x50, 0x4e, 0x47], name: 'an image' },
  { starts: [0xff, 0xd8, 0xff], name: 'an image' },
];
const markup = /^\s*<(!doctype|html|head|table|\?xml|meta|div)/i;

/** Throws a `TableRejected` that names the format when the file's first bytes are not those of a text table. */
export function refuseOtherFormats(key: string, head: Uint8Array): void {
  const name = formatOf(head);
  if (name === null) return;
  throw new TableRejected(
    key,
    'notCsv',
    `The file is ${name}, not a CSV. Open it and save it as "CSV UTF-8", then upload that file.`,
  );
}

function formatOf(head: Uint8Array): string | null {
  const known = formats.find(({ starts }) => starts.every((byte, index) => head[index] === byte));
  if (known !== undefined) return known.name;
  const start = Buffer.from(head.subarray(0, 512)).toString('latin1').replace('\u00EF\u00BB\u00BF', '');
  if (markup.test(start.replaceAll('\0', ''))) return 'a web page or XML document';
  return isBinary(head) ? 'binary data' : null;
}

/** Text has next to no control characters, but for UTF-16, whose halves can be any byte. */
function isBinary(head: Uint8Array): boolean {
  if (sniffEncoding(head).encoding !== 'utf-8') return false;
  let controls = 0;
  for (const byte of head) if (byte < 0x20 && byte !== 0 && (byte < 0x09 || byte > 0x0d)) controls++;
  return controls > 8 && controls > head.length / 10;
}
