import type { Column } from './parts.tsx';
import type { Shop } from './shop.ts';

interface Worth {
  historic: number;
  next12m: number | null;
  low: number | null;
  high: number | null;
}

/** What customers have spent, and are expected to spend with the 90 % interval, of one customer or of a segment. */
export function moneyColumns({ say, formats }: Shop, currency: string): Column<Worth>[] {
  const money = (value: number | null) => (value === null ? '–' : formats.money(value, currency));
  return [
    {
      label: say('spentSoFar'),
      numeric: true,
      cell: ({ historic }) => money(historic),
      sortBy: ({ historic }) => historic,
    },
    {
      label: say('expected12m'),
      numeric: true,
      cell: ({ next12m }) => money(next12m),
      sortBy: ({ next12m }) => next12m,
    },
    {
      label: say('interval90'),
      numeric: true,
      cell: ({ low, high }) => (low === null || high === null ? '–' : `${money(low)} – ${money(high)}`),
    },
  ];
}
