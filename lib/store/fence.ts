/** Somebody has taken the lease since: what this holder still wants to write is refused. */
export class FencedOut extends Error {
  override readonly name = 'FencedOut';
  constructor(what: string, fence: number) {
    super(`${what} is refused: fence ${fence} is no longer the newest of its dataset`);
  }
}
