import { disguiseOf } from './cells/texts.ts';
import type { TableNote } from './types.ts';

/** Counts the ids of a file that are not what they were: in quotes of another kind than a CSV's, or masked. */
export class Disguises {
  #quoted = 0;
  #masked = 0;
  readonly #who: string;

  constructor(who: 'Customers' | 'Ids') {
    this.#who = who;
  }

  see(id: string): void {
    const disguise = disguiseOf(id);
    if (disguise === 'quoted') this.#quoted++;
    if (disguise === 'masked') this.#masked++;
  }

  notes(): TableNote[] {
    const notes: TableNote[] = [];
    const say = (code: string, count: number, message: string) => {
      if (count > 0) notes.push({ code, message, count });
    };
    say(
      'foreignQuotes',
      this.#quoted,
      `${this.#who} stand in quotes of another kind than a CSV's, and were read with them; write plain double quotes or none.`,
    );
    say(
      'maskedCustomers',
      this.#masked,
      `${this.#who} are masked with ** ; those that share a mask are taken for one.`,
    );
    return notes;
  }
}
