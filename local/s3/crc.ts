import { crc32 } from 'node:zlib';

/** A checksum that is fed piece by piece. Node's own hashes have this shape too. */
export interface RunningChecksum {
  update(bytes: Uint8Array): unknown;
  digest(): Buffer;
}

export function runningCrc32(): RunningChecksum {
  let crc = 0;
  return {
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    digest: () => bigEndian(BigInt(crc), 4),
  };
}

export function runningCrc32c(): RunningChecksum {
  const table = crc32cTable();
  let crc = -1;
  return {
    update: (bytes) => {
      for (let i = 0; i < bytes.length; i++) {
        crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 255] as number);
      }
    },
    digest: () => bigEndian(BigInt(~crc >>> 0), 4),
  };
}

/** Two 32-bit halves instead of a BigInt, which would be a hundred times slower. */
export function runningCrc64Nvme(): RunningChecksum {
  const { highs, lows } = crc64Tables();
  let high = -1;
  let low = -1;
  return {
    update: (bytes) => {
      for (let i = 0; i < bytes.length; i++) {
        const entry = (low ^ (bytes[i] as number)) & 255;
        low = ((low >>> 8) | (high << 24)) ^ (lows[entry] as number);
        high = (high >>> 8) ^ (highs[entry] as number);
      }
    },
    digest: () => bigEndian((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0), 8),
  };
}

export type CrcName = keyof typeof reflectedPolynomials;

/**
 * The CRC of two stretches in a row from the CRC of each: the first is multiplied by x^(8·bytes of the second)
 * modulo the polynomial, as zlib's crc32_combine does since 1.2.12.
 */
export function combineCrc(name: CrcName, { first, second, secondBytes }: CrcPair): Buffer {
  const polynomial = reflectedPolynomials[name];
  const width = first.length * 8;
  const shift = powerOfX(BigInt(secondBytes) * 8n, { polynomial, width });
  const shifted = multiply(fromBigEndian(first), shift, { polynomial, width });
  return bigEndian(shifted ^ fromBigEndian(second), first.length);
}

interface CrcPair {
  first: Buffer;
  second: Buffer;
  secondBytes: number;
}

interface Field {
  polynomial: bigint;
  width: number;
}

const reflectedPolynomials = {
  CRC32: 0xedb88320n,
  CRC32C: 0x82f63b78n,
  CRC64NVME: 0x9a6c9329ac4bc9b5n,
};

function powerOfX(exponent: bigint, field: Field): bigint {
  let power = 1n << BigInt(field.width - 1);
  let square = power >> 1n;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) power = multiply(power, square, field);
    square = multiply(square, square, field);
  }
  return power;
}

/** In the reflected order of bits the highest bit is x^0. */
function multiply(a: bigint, b: bigint, { polynomial, width }: Field): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 1n << BigInt(width - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

let crc32cEntries: Int32Array | undefined;
function crc32cTable(): Int32Array {
  crc32cEntries ??= Int32Array.from(tableOf('CRC32C'), (entry) => Number(BigInt.asIntN(32, entry)));
  return crc32cEntries;
}

let crc64Entries: { highs: Int32Array; lows: Int32Array } | undefined;
function crc64Tables() {
  crc64Entries ??= {
    highs: Int32Array.from(tableOf('CRC64NVME'), (entry) => Number(BigInt.asIntN(32, entry >> 32n))),
    lows: Int32Array.from(tableOf('CRC64NVME'), (entry) => Number(BigInt.asIntN(32, entry))),
  };
  return crc64Entries;
}

function tableOf(name: CrcName): bigint[] {
  return Array.from({ length: 256 }, (_, byte) => {
    let entry = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      entry = entry & 1n ? (entry >> 1n) ^ reflectedPolynomials[name] : entry >> 1n;
    }
    return entry;
  });
}

const bigEndian = (value: bigint, bytes: number): Buffer =>
  Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');

const fromBigEndian = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
