import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type ColumnCodes, leafFeature, type TreeEnsemble, type TreeNodes, treeRanges } from './ensemble.ts';

/**
 * A tree ensemble as bytes: `VCTREES` and the version (8 bytes), SHA-256 of the rest (32 bytes), and the rest deflated: the
 * length of a head (32 bits), the head as JSON, padding to 8 bytes, and the numbers that the head names, each array
 * little-endian and padded to 8 bytes. docs/models.md describes it.
 */
const magic = 'VCTREES';
export const artifactVersion = 1;
const prefixBytes = 8;
const checksumBytes = 32;

export function encodeEnsemble(ensemble: TreeEnsemble): Uint8Array {
  checkEnsemble(ensemble, 'encodeEnsemble');
  const arrays: Numbers[] = [ensemble.roots, ...nodeFields.map((field) => ensemble.nodes[field])];
  const { engine, link, baseMargin, columnNames } = ensemble;
  const columns = ensemble.columnCodes.map((codes) => headOf(codes, arrays));
  const lengths = arrays.map((array) => array.length);
  // margins are kept to the last bit: JSON writes the shortest decimal that reads back as the same number
  const head = Buffer.from(
    JSON.stringify({ engine, link, baseMargin, columnNames, columns, lengths }),
    'utf8',
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  const body = deflateRawSync(
    Buffer.concat([...padded(Buffer.concat([size, head])), ...arrays.flatMap(littleEndian)]),
  );
  const prefix = Buffer.alloc(prefixBytes);
  prefix.write(magic, 'latin1');
  prefix.writeUInt8(artifactVersion, magic.length);
  // not a Buffer, whose slices would be windows on it
  return Uint8Array.from(Buffer.concat([prefix, createHash('sha256').update(body).digest(), body]));
}

/** Throws, saying why, on bytes that are not an ensemble, of a version that is not known, or damaged. */
export function decodeEnsemble(bytes: Uint8Array): TreeEnsemble {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < prefixBytes + checksumBytes || buffer.toString('latin1', 0, magic.length) !== magic)
    throw new Error(`decodeEnsemble got ${buffer.length} bytes that are not a tree ensemble`);
  const version = buffer.readUInt8(magic.length);
  if (version !== artifactVersion)
    throw new Error(
      `decodeEnsemble reads version ${artifactVersion} of a tree ensemble; this one has version ${version}: fit the model again`,
    );
  const body = buffer.subarray(prefixBytes + checksumBytes);
  const checksum = createHash('sha256').update(body).digest();
  if (!checksum.equals(buffer.subarray(prefixBytes, prefixBytes + checksumBytes)))
    throw new Error('decodeEnsemble found a tree ensemble that is damaged: its checksum does not agree');
  return readBody(inflateRawSync(body));
}

type Numbers = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float32Array | Float64Array;

const nodeFields = ['feature', 'code', 'rule', 'right', 'value', 'cover'] as const;

type ColumnHead = { kind: ColumnCodes['kind']; otherwise?: number };

function headOf(codes: ColumnCodes, arrays: Numbers[]): ColumnHead {
  switch (codes.kind) {
    case 'ordered':
      arrays.push(codes.edges);
      return { kind: codes.kind };
    case 'oneHot':
      arrays.push(codes.categories);
      return { kind: codes.kind };
    case 'targetStatistics':
      arrays.push(codes.categories, codes.statistics, codes.edges);
      return { kind: codes.kind, otherwise: codes.otherwise };
  }
}

interface Head extends Pick<TreeEnsemble, 'engine' | 'link' | 'baseMargin' | 'columnNames'> {
  columns: ColumnHead[];
  lengths: number[];
}

function readBody(body: Buffer): TreeEnsemble {
  const headBytes = body.readUInt32LE(0);
  const head = JSON.parse(body.toString('utf8', 4, 4 + headBytes)) as Head;
  const lengths = [...head.lengths];
  let at = roundUp(4 + headBytes);
  const take = <Part extends Numbers>(create: new (length: number) => Part): Part => {
    const part = new create(lengths.shift() as number);
    new Uint8Array(part.buffer).set(body.subarray(at, at + part.byteLength));
    at += roundUp(part.byteLength);
    return swapped(part);
  };
  const roots = take(Uint32Array);
  const nodes: TreeNodes = {
    feature: take(Int32Array),
    code: take(Uint16Array),
    rule: take(Uint8Array),
    right: take(Uint32Array),
    value: take(Float32Array),
    cover: take(Uint32Array),
  };
  const columnCodes = head.columns.map(({ kind, otherwise = 0 }): ColumnCodes => {
    if (kind === 'ordered') return { kind, edges: take(Float64Array) };
    if (kind === 'oneHot') return { kind, categories: take(Float64Array) };
    const [categories, statistics] = [take(Float64Array), take(Float64Array)];
    return { kind, categories, statistics, otherwise, edges: take(Float64Array) };
  });
  const { engine, link, baseMargin, columnNames } = head;
  const ensemble = { engine, link, baseMargin, columnNames, columnCodes, roots, nodes };
  checkEnsemble(ensemble, 'decodeEnsemble');
  return ensemble;
}

const roundUp = (bytes: number): number => Math.ceil(bytes / 8) * 8;

const padded = (bytes: Buffer): Buffer[] => [bytes, Buffer.alloc(roundUp(bytes.length) - bytes.length)];

const littleEndian = (numbers: Numbers): Buffer[] => {
  const copy = swapped(numbers.slice());
  return padded(Buffer.from(copy.buffer, copy.byteOffset, copy.byteLength));
};

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** In place, on a machine whose numbers have the other order of bytes. */
function swapped<Part extends Numbers>(numbers: Part): Part {
  if (isLittleEndian || numbers.BYTES_PER_ELEMENT === 1) return numbers;
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  if (numbers.BYTES_PER_ELEMENT === 2) bytes.swap16();
  else if (numbers.BYTES_PER_ELEMENT === 4) bytes.swap32();
  else bytes.swap64();
  return numbers;
}

/** Throws where a scorer would be led nowhere, or round in circles. */
function checkEnsemble(ensemble: TreeEnsemble, caller: string): void {
  const { nodes, columnNames, columnCodes, baseMargin } = ensemble;
  const refuse = (what: string): never => {
    throw new Error(`${caller} was given a tree ensemble that cannot be: ${what}`);
  };
  if (columnCodes.length !== columnNames.length)
    refuse(`${columnNames.length} columns, ${columnCodes.length} of them coded`);
  if (!Number.isFinite(baseMargin)) refuse(`its base margin is ${baseMargin}`);
  const fields = nodeFields.map((field) => nodes[field].length);
  if (fields.some((length) => length !== fields[0])) refuse(`arrays of ${fields.join(', ')} nodes`);
  for (const [tree, { root, length }] of treeRanges(ensemble).entries()) {
    if (!(length > 0)) refuse(`tree ${tree} has ${length} nodes`);
    for (let node = root; node < root + length; node++) {
      const column = nodes.feature[node] as number;
      const right = nodes.right[node] as number;
      if (column === leafFeature) {
        if (!Number.isFinite(nodes.value[node]))
          refuse(`a leaf of tree ${tree} has the value ${nodes.value[node]}`);
      } else if (column < 0 || column >= columnNames.length) refuse(`tree ${tree} asks for column ${column}`);
      else if (right <= node - root + 1 || right >= length)
        refuse(`a split of tree ${tree} leads to node ${right} of ${length}`);
    }
  }
}
