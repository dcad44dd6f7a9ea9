/** Names that would do harm where they are taken for anything else than text. */
export function hostileTable(): { names: string[]; csv: string } {
  const names = [
    '<img src=x onerror=alert(1)>',
    '</script><script>alert(2)</script>',
    "=cmd|'/C calc'!A0",
    '\u202Egnp.exe\u202C user',
    'مرحبا 12/05',
    'W'.repeat(240),
  ];
  const rows = names.map((name) => `"${name.replaceAll('"', '""')}",99999,900,9000`);
  const header = `customer_id,spend,orders,browsing_minutes,${'N'.repeat(10_000)}`;
  return { names, csv: `${header}\n${rows.map((row) => `${row},0`).join('\n')}\n` };
}
