/** Keys in the order in which S3 lists them: that of their UTF-8 bytes. */
export class SortedKeys {
  private readonly keys: string[];

  constructor(keys: Iterable<string>) {
    this.keys = [...keys].sort(compareKeys);
  }

  get length(): number {
    return this.keys.length;
  }

  at(index: number): string | undefined {
    return this.keys[index];
  }

  add(key: string): void {
    const index = this.indexFrom(key);
    if (this.keys[index] !== key) this.keys.splice(index, 0, key);
  }

  remove(key: string): void {
    const index = this.indexFrom(key);
    if (this.keys[index] === key) this.keys.splice(index, 1);
  }

  /** Index of the first key that is `key` or comes after it. */
  indexFrom(key: string): number {
    return this.firstIndex((other) => compareKeys(other, key) >= 0);
  }

  /** Index of the first key that comes after `key`. */
  indexAfter(key: string): number {
    return this.firstIndex((other) => compareKeys(other, key) > 0);
  }

  /** Index of the first key that comes after all those with this prefix. */
  indexPast(prefix: string): number {
    return this.firstIndex((other) => compareKeys(other, prefix) > 0 && !other.startsWith(prefix));
  }

  private firstIndex(isAtOrAfter: (key: string) => boolean): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAtOrAfter(this.keys[middle] as string)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** UTF-8 order is code point order, where JavaScript's own puts surrogates before U+E000. */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return codePointOrder(unitA) - codePointOrder(unitB);
  }
  return a.length - b.length;
}

function codePointOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
