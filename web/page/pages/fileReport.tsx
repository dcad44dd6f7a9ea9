import type { TableReport } from '../../../lib/tables/types.ts';
import { DataTable, Name, Notes, Panel } from '../parts.tsx';
import { useShop } from '../shop.ts';

type Reason = { column: string | null; reason: string; rows: number };

/** How one file was read: which column was taken for what, rows read and set aside, and by which rules. */
export function FileReport({ file }: { file: unknown }) {
  const { say, formats } = useShop();
  const report = file as Partial<TableReport> & { key: string; reasons?: Reason[] };
  const { key, rowsIn = 0, rowsOk = 0, rowsQuarantined = 0, columns = [], notes = [], reasons = [] } = report;
  return (
    <Panel title={key}>
      <p class="sentence">
        {say('rowsOfFile', {
          rows: formats.count(rowsIn),
          ok: formats.count(rowsOk),
          bad: formats.count(rowsQuarantined),
        })}
      </p>
      {reasons.length > 0 && (
        <ul class="notes">
          {reasons.map(({ column, reason, rows }) => (
            <li key={`${column}/${reason}`}>
              {formats.count(rows)} × {column !== null && <Name>{column}</Name>} {reason}
            </li>
          ))}
        </ul>
      )}
      <Notes notes={notes} />
      <UnderstoodColumns columns={columns} />
    </Panel>
  );
}

export function UnderstoodColumns({
  columns,
}: {
  columns: readonly { header: string; readAs: string | null }[];
}) {
  const { say } = useShop();
  if (columns.length === 0) return null;
  return (
    <DataTable
      caption={say('understood')}
      columns={[
        { label: say('column'), cell: ({ header }) => <Name>{header === '' ? '–' : header}</Name> },
        {
          label: say('readAs'),
          cell: ({ readAs }) => (readAs === null ? <span class="muted">{say('notUsed')}</span> : readAs),
        },
      ]}
      rows={columns}
      keyOf={(_, at) => String(at)}
    />
  );
}
