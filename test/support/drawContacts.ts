/** A contacts table in which consents, addresses and blocks go round, so that every combination occurs. */
export function contactsCsv(customerIds: readonly string[]): string {
  const header =
    'customer_id,email,phone,first_name,last_name,country,zip,consent_email,consent_sms,consent_phone,consent_ads,do_not_contact';
  const rows = customerIds.map((id, at) => {
    const yes = (every: number): string => (at % every === 0 ? 'no' : 'yes');
    const email = at % 11 === 0 ? '' : `Person.${at}@Example.com`;
    const phone = at % 13 === 0 ? '' : `0151 23456${String(at % 1000).padStart(3, '0')}`;
    const blocked = at % 17 === 0 ? 'yes' : '';
    return [id, email, phone, 'Ada', `Nr ${at}`, 'DE', '10115', yes(3), 'no', yes(2), yes(5), blocked].join(
      ',',
    );
  });
  return `${[header, ...rows].join('\n')}\n`;
}
